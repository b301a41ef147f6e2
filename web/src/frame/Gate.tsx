import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './Gate.module.css'
import { Mark } from './Mark'
import { Language, Light } from './TopBar'

/** Gate is what stands before the console: one card, and beside it what the product does. */
export function Gate({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={css.gate}>
      <aside className={css.scene} aria-hidden="true">
        <Talk />
        <div className={css.motto}><h2>{t('frame.motto')}</h2><p>{t('frame.mottoText')}</p></div>
      </aside>
      <div className={css.side}>
        <div className={css.tools}><Language keep={false} /><Light keep={false} /></div>
        <main className={css.card}>
          <div className={css.brand}><Mark size={36} /><span>{t('frame.product')}</span></div>
          <h1>{title}</h1>
          {text && <p className={css.text}>{text}</p>}
          {children}
        </main>
        <footer className={css.foot}>{t('frame.footer')}</footer>
      </div>
    </div>
  )
}

// Two voices: the robot asks, the lead answers, and the grade follows.
function Talk() {
  const { t } = useTranslation()
  return (
    <div className={css.talk}>
      <Voice who="robot" text={t('frame.talk.robot')} bars={[10, 22, 34, 20, 28, 40, 24, 14, 30, 18, 8]} />
      <Voice who="callee" text={t('frame.talk.callee')} bars={[8, 18, 30, 38, 22, 12, 26, 16]} />
      <Voice who="robot" text={t('frame.talk.answer')} bars={[12, 30, 20, 36, 26, 14, 32, 22, 10]} />
      <div className={css.verdict}><b>A</b><span>{t('frame.talk.verdict')}</span></div>
    </div>
  )
}

function Voice({ who, text, bars }: { who: 'robot' | 'callee'; text: string; bars: number[] }) {
  return (
    <div className={css.voice} data-who={who}>
      <svg width={bars.length * 7} height="44" viewBox={`0 0 ${bars.length * 7} 44`}>
        {bars.map((h, i) => <line key={i} x1={i * 7 + 3} x2={i * 7 + 3} y1={22 - h / 2} y2={22 + h / 2} />)}
      </svg>
      <p>{text}</p>
    </div>
  )
}
