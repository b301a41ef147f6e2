import { ArrowLeftOutlined, ArrowRightOutlined, CheckOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Skeleton } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api, data } from '@/platform/api'
import { byField } from '@/platform/form/field'
import { Summary } from '@/platform/form/Summary'
import { Page } from '@/platform/Page'
import { asProblem } from '@/platform/problem'
import { useMe, useZone } from '@/platform/session'
import { blank, body, fieldNames, firstWrong, stepOf, steps, wrong, type Draft, type Field, type Step } from './draft'
import { forget, keep, recall } from './kept'
import { LeadsStep } from './LeadsStep'
import css from './Wizard.module.css'

// The later steps come while the first is being filled in.
const RobotStep = lazy(() => import('./RobotStep').then(m => ({ default: m.RobotStep })))
const AfterStep = lazy(() => import('./AfterStep').then(m => ({ default: m.AfterStep })))
const StartStep = lazy(() => import('./StartStep').then(m => ({ default: m.StartStep })))

/** The wizard's state: what is drafted, where one stands, which steps were left (their faults are shown), what the server would not take. */
function useWizard() {
  const { t } = useTranslation()
  const user = useMe().user.id
  const [again, setAgain] = useState(() => recall(sessionStorage, user))
  const [draft, setDraft] = useState(again?.draft ?? blank)
  const [step, setStep] = useState<Step>(again?.step ?? 'leads')
  const [left, setLeft] = useState<ReadonlySet<Step>>(() => new Set(again ? steps.slice(0, steps.indexOf(again.step)) : []))
  const [tried, setTried] = useState(0)
  const [refused, setRefused] = useState<Partial<Record<Field, string>>>({})
  const faults = wrong(draft)
  useEffect(() => { if (draft !== blank) keep(sessionStorage, user, { draft, step }) }, [draft, step])
  useEffect(() => { if (tried) document.querySelector<HTMLElement>('[data-wrong=true] :is(input, button, textarea)')?.focus() }, [tried])
  const set = (change: Partial<Draft>) => { setDraft(d => ({ ...d, ...change })); setRefused({}) }
  const leave = (...s: Step[]) => setLeft(old => new Set([...old, ...s]))
  const go = (to: Step) => { leave(step); setStep(to) }
  const next = () => {
    leave(step)
    if ((Object.keys(faults) as Field[]).some(f => stepOf(f) === step)) setTried(n => n + 1)
    else go(steps[steps.indexOf(step) + 1]!)
  }
  const back = (to: Step) => { setStep(to); setTried(n => n + 1) } // something on it has to be put right
  const afresh = () => { forget(sessionStorage); setDraft(blank); setStep('leads'); setLeft(new Set()); setRefused({}); setAgain(null) }
  const say = (f: Field) => refused[f] ?? (faults[f] && left.has(stepOf(f)) ? t(faults[f]) : undefined)
  const bad = (s: Step) => fieldNames.some(f => stepOf(f) === s && say(f))
  return { draft, set, step, back, go, next, left, leave, faults, say, bad, setRefused, again: !!again, afresh }
}

/** 新建营销任务 (FEATURES A3.3). */
export default function New() {
  const { t } = useTranslation()
  const w = useWizard()
  const { save, busy, failed } = useSave(w)
  const given = { draft: w.draft, set: w.set, wrong: w.say }
  const last = w.step === 'start'
  return (
    <Page title={t('campaign.create')} crumbs={[{ label: t('campaign.title'), to: '/campaigns' }]} narrow>
      {w.again && <p className={css.told} role="status">{t('campaign.again')} <Button type="link" size="small" onClick={w.afresh}>{t('campaign.afresh')}</Button></p>}
      <Stepper at={w.step} left={w.left} bad={w.bad} go={w.go} />
      {failed != null && <Summary error={failed} names={fieldNames} />}
      {w.step === 'leads' && <LeadsStep {...given} />}
      <Suspense fallback={<Skeleton active paragraph={{ rows: 8 }} />}>
        {w.step === 'robot' && <RobotStep {...given} />}
        {w.step === 'after' && <AfterStep {...given} />}
        {last && <StartStep {...given} go={w.go} />}
      </Suspense>
      <footer className={css.foot}>
        {w.step !== 'leads' && <Button icon={<ArrowLeftOutlined />} onClick={() => w.go(steps[steps.indexOf(w.step) - 1]!)}>{t('campaign.back')}</Button>}
        <span className="grow" />
        {last ? <Button type="primary" loading={busy} onClick={() => void save()} data-action="create">{t(`campaign.verb.${w.draft.start}`)}</Button>
          : <Button type="primary" icon={<ArrowRightOutlined />} iconPlacement="end" onClick={w.next} data-action="next">{t('campaign.next')}</Button>}
      </footer>
    </Page>
  )
}

function useSave(w: ReturnType<typeof useWizard>) {
  const go = useNavigate()
  const zone = useZone()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<unknown>(null)
  async function save() {
    w.leave(...steps)
    const missing = firstWrong(Object.keys(w.faults) as Field[])
    if (missing) return w.back(missing)
    setBusy(true)
    setFailed(null)
    try {
      const made = await data(api.POST('/campaigns', { body: body(w.draft, zone) }))
      for (const name of ['campaigns', 'seats', 'summary']) void queries.invalidateQueries({ queryKey: [name] })
      forget(sessionStorage)
      void go(`/campaigns/${made.id}`, { replace: true })
    } catch (e) {
      const { at } = byField(asProblem(e).fields, fieldNames)
      w.setRefused(at)
      setFailed(e)
      const first = firstWrong(Object.keys(at) as Field[])
      if (first) w.back(first)
    } finally {
      setBusy(false)
    }
  }
  return { save, busy, failed }
}

function Stepper({ at, left, bad, go }: { at: Step; left: ReadonlySet<Step>; bad: (s: Step) => boolean; go: (s: Step) => void }) {
  const { t } = useTranslation()
  const top = useRef<HTMLOListElement>(null)
  useEffect(() => { top.current?.scrollIntoView({ block: 'end' }) }, [at]) // a step is read from its top
  return (
    <ol ref={top} className={css.stepper} aria-label={t('campaign.steps')}>
      {steps.map((s, i) => {
        const state = s === at ? 'now' : bad(s) ? 'bad' : left.has(s) ? 'done' : 'ahead'
        return (
          <li key={s} data-state={state} aria-current={s === at ? 'step' : undefined}>
            <button type="button" disabled={state === 'ahead'} onClick={() => go(s)}><i aria-hidden="true">{state === 'done' ? <CheckOutlined /> : i + 1}</i><span>{t(`campaign.stepName.${s}`)}</span></button>
          </li>
        )
      })}
    </ol>
  )
}
