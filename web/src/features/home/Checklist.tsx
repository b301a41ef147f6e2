import { CheckCircleFilled, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, data } from '@/platform/api'
import { Tag } from '@/words/StateTag'
import css from './Home.module.css'
import { lacking } from './lacking'

/** Way leads to where a thing is put right; what the operator provides leads nowhere. */
function Way({ to, children }: { to: string; children: ReactNode }) {
  return to ? <Link to={to}>{children}</Link> : <div>{children}</div>
}

/** Checklist is what a tenant still needs before it can dial (FEATURES A1), each with its link; what is optional is one line, and nothing missing is nothing. */
export function Checklist() {
  const { t } = useTranslation()
  const { data: list } = useQuery({ queryKey: ['checklist'], queryFn: () => data(api.GET('/home/checklist')) })
  if (!list) return null
  const { show, items } = lacking(list)
  if (show === 'none') return null
  if (show === 'line') return (
    <section className={`panel ${css.optional}`} aria-label={t('home.optional')}>
      <Tag>{t('home.optional')}</Tag>
      {items.map(i => <Way key={i.key} to={i.link}>{i.text}</Way>)}
    </section>
  )
  const musts = items.filter(i => i.must)
  return (
    <section className={`panel ${css.checklist}`} aria-labelledby="checklist">
      <header>
        <div><h2 id="checklist">{t('home.checklist')}</h2><p>{t('home.checklistHint')}</p></div>
        <span className="num">{t('home.checklistDone', { done: musts.filter(i => i.ok).length, total: musts.length })}</span>
      </header>
      <ol>
        {items.map(item => (
          <li key={item.key} data-ok={item.ok}>
            <Way to={item.link}>
              {item.ok ? <CheckCircleFilled aria-label={t('home.done')} /> : <i aria-label={t('home.missing')} role="img" />}
              <span><b>{t(`home.need.${item.key}`)}{!item.must && <> <Tag>{t('home.optional')}</Tag></>}</b><small>{item.text}</small></span>
              {item.link && <RightOutlined />}
            </Way>
          </li>
        ))}
      </ol>
    </section>
  )
}
