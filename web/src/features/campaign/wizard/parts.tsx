import { Switch } from 'antd'
import { createContext, useContext, useId, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '@/platform/Errors'
import { standing, type Fetched } from '@/platform/standing'
import css from './Wizard.module.css'

const Fault = createContext<{ 'aria-invalid'?: boolean; 'aria-describedby'?: string }>({})

/** useFault is what the control of an Ask says of itself to a screen reader: whether it is wrong, and where that is explained. */
export function useFault() { return useContext(Fault) }

/** Ask is one question of the wizard: label above, help and error under it. */
export function Ask({ label, help, error, extra, children, id }: { label: string; help?: string; error?: string; extra?: ReactNode; children: ReactNode; id?: string }) {
  const own = useId()
  const fault = { 'aria-invalid': error ? true : undefined, 'aria-describedby': error ? `${id ?? own}-error` : undefined }
  return (
    <div className={css.ask} role="group" aria-label={label} aria-describedby={fault['aria-describedby']} data-wrong={!!error}>
      <div className={css.label}>{id ? <label htmlFor={id}>{label}</label> : <span>{label}</span>}{extra}</div>
      <Fault.Provider value={fault}>{children}</Fault.Provider>
      {error && <p id={`${id ?? own}-error`} className={css.error} role="alert">{error}</p>}
      {help && <p className={css.help}>{help}</p>}
    </div>
  )
}

export interface Card { value: string; title: ReactNode; text?: ReactNode; note?: ReactNode }

/** Cards is a choice of one, each with enough said about it to choose by. */
export function Cards({ name, label, cards, value, choose }: { name: string; label: string; cards: readonly Card[]; value: string; choose: (value: string) => void }) {
  return (
    <div className={css.cards} role="radiogroup" aria-label={label} {...useFault()}>
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
export function Option({ name, on, turn, from, children }: { name: string; on: boolean; turn: (on: boolean) => void; from?: Fetched<unknown>; children: ReactNode }) {
  const { t } = useTranslation()
  const title = t(`campaign.option.${name}.title`)
  return (
    <section className={`panel ${css.option}`} data-option={name}>
      <header><div><h2>{title}</h2><p>{t(`campaign.option.${name}.text`)}</p></div><Switch checked={on} onChange={turn} disabled={from && from.data === undefined} aria-label={title} /></header>
      {from && standing(from).show === 'failure' && <Failure compact error={from.error} retry={() => void from.refetch()} />}
      {on && <div className={css.settings}>{children}</div>}
    </section>
  )
}
