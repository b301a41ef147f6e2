import { Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import css from './Wizard.module.css'

/** Ask is one question of the wizard: label above, help and error under it. */
export function Ask({ label, help, error, extra, children, id }: { label: string; help?: string; error?: string; extra?: ReactNode; children: ReactNode; id?: string }) {
  return (
    <div className={css.ask} role="group" aria-label={label} data-wrong={!!error}>
      <div className={css.label}>{id ? <label htmlFor={id}>{label}</label> : <span>{label}</span>}{extra}</div>
      {children}
      {error && <p className={css.error} role="alert">{error}</p>}
      {help && <p className={css.help}>{help}</p>}
    </div>
  )
}

export interface Card { value: string; title: ReactNode; text?: ReactNode; note?: ReactNode }

/** Cards is a choice of one, each with enough said about it to choose by. */
export function Cards({ name, label, cards, value, choose }: { name: string; label: string; cards: readonly Card[]; value: string; choose: (value: string) => void }) {
  return (
    <div className={css.cards} role="radiogroup" aria-label={label}>
      {cards.map(c => (
        <label key={c.value} className={css.card} data-on={c.value === value}>
          <input type="radio" name={name} value={c.value} checked={c.value === value} onChange={() => choose(c.value)} />
          <span><b>{c.title}</b>{c.text && <small>{c.text}</small>}{c.note && <em>{c.note}</em>}</span>
        </label>
      ))}
    </div>
  )
}

/** Option is something that can be switched on, with its settings below; not before what it offers has been fetched. */
export function Option({ name, on, turn, ready = true, children }: { name: string; on: boolean; turn: (on: boolean) => void; ready?: boolean; children: ReactNode }) {
  const { t } = useTranslation()
  const title = t(`campaign.option.${name}.title`)
  return (
    <section className={`panel ${css.option}`} data-option={name}>
      <header><div><h2>{title}</h2><p>{t(`campaign.option.${name}.text`)}</p></div><Switch checked={on} onChange={turn} disabled={!ready} aria-label={title} /></header>
      {on && <div className={css.settings}>{children}</div>}
    </section>
  )
}
