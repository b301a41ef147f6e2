import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { percent } from '@/platform/format'
import { gradeColor } from '@/platform/tokens'
import { grades, type Grade, type Grades } from '@/platform/types'
import css from './words.module.css'

/** GradeTag is a grade: always its letter, on its colour; with its meaning on hover and for screen readers. */
export function GradeTag({ grade, named }: { grade: Grade | null | undefined; named?: boolean }) {
  const { t } = useTranslation()
  if (!grade) return <span className="quiet">–</span>
  const meaning = t(`words.grade.${grade}`)
  const letter = <span className={css.grade} style={{ background: gradeColor[grade] }}>{grade}</span>
  if (named) return <span className={css.named}>{letter}<span>{meaning}</span></span>
  return <Tooltip title={meaning}><span className={css.named}>{letter}<span className="sr">{meaning}</span></span></Tooltip>
}

/** GradeBar is how a set of calls divides over the grades: a strip, and under it letter, number and share. */
export function GradeBar({ counts, slim }: { counts: Grades; slim?: boolean }) {
  const { t } = useTranslation()
  const total = grades.reduce((n, g) => n + (counts[g] ?? 0), 0)
  const words = grades.map(g => `${g} ${counts[g] ?? 0}`).join(', ')
  return (
    <div className={css.bar}>
      <div className={slim ? `${css.strip} ${css.slim}` : css.strip} role="img" aria-label={`${t('words.grades')}: ${words}`}>
        {grades.filter(g => counts[g] > 0).map(g => <Tooltip key={g} title={`${g} · ${counts[g]} · ${percent(counts[g] / total)}`}><i style={{ flexGrow: counts[g], background: gradeColor[g] }} /></Tooltip>)}
      </div>
      {!slim && <ul className={css.legend}>
        {grades.map(g => (
          <li key={g}><GradeTag grade={g} /><b className="num">{counts[g] ?? 0}</b><span className="quiet num">{total ? percent((counts[g] ?? 0) / total) : '–'}</span></li>
        ))}
      </ul>}
    </div>
  )
}
