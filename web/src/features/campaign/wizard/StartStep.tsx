import { Button, Input } from 'antd'
import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { count } from '@/platform/format'
import { Part } from '@/platform/Loaded'
import { Panel } from '@/platform/Page'
import { useZone } from '@/platform/session'
import type { Fetched } from '@/platform/standing'
import { usePublished } from '../../script/usePublished'
import { useTemplates } from '../../timetemplate/useTemplates'
import type { Start, Step } from './draft'
import { Ask, Cards } from './parts'
import type { StepProps } from './steps'
import css from './Wizard.module.css'

const Moment = lazy(() => import('./Moment'))

const ways: Start[] = ['now', 'later', 'manual']

/** Step 4: when it begins, and everything that was chosen, once more. */
export function StartStep(props: StepProps & { go: (step: Step) => void }) {
  const { draft, set, wrong, go } = props
  const { t } = useTranslation()
  const zone = useZone()
  return (
    <div className="stack">
      <section className={`panel ${css.body}`}>
        <Ask label={t('campaign.startWhen')}>
          <Cards name="start" label={t('campaign.startWhen')} cards={ways.map(value => ({ value, title: t(`campaign.way.${value}.title`), text: t(`campaign.way.${value}.text`) }))} value={draft.start} choose={start => set({ start: start as Start })} />
        </Ask>
        {draft.start === 'later' && <Ask label={t('campaign.startAt')} error={wrong('start_at')} help={t('campaign.zoneHelp', { zone })}>
          <Suspense fallback={<Input disabled />}><Moment label={t('campaign.startAt')} value={draft.at} change={at => set({ at })} /></Suspense>
        </Ask>}
      </section>
      <Chosen {...props} go={go} />
    </div>
  )
}

interface Named { items: { id: string; name: string }[] }

// The name of what was chosen comes from the list that the step before has fetched.
function Name({ id, from }: { id: string; from: Fetched<Named> }) {
  const { t } = useTranslation()
  const missing = <span className={css.error}>{t('campaign.missing')}</span>
  return id ? <Part compact rows={1} query={from}>{({ items }) => items.find(x => x.id === id)?.name ?? missing}</Part> : missing
}

function Chosen({ draft, go }: Pick<StepProps, 'draft'> & { go: (step: Step) => void }) {
  const { t } = useTranslation()
  const [scripts, templates] = [usePublished(), useTemplates()]
  const messages = [
    draft.keyword !== null && t('campaign.option.keyword.title'), draft.screening.length > 0 && t('campaign.option.screening.title'), draft.push && t('campaign.option.push.title'), draft.gate && t('campaign.option.gate.title'),
  ].filter(Boolean)
  const rows: [Step, string, ReactNode][] = [
    ['leads', t('campaign.name'), draft.name], ['leads', t('campaign.list'), draft.list && t('campaign.listSummary', { file: draft.list.file_name, count: draft.list.accepted })],
    ['robot', t('campaign.script'), <Name id={draft.script} from={scripts} />], ['robot', t('campaign.robotSeats'), t('campaign.seatCount', { count: draft.seats.length })], ['robot', t('campaign.template'), <Name id={draft.template} from={templates} />],
    ['after', t('campaign.stepName.after'), messages.length ? messages.join(t('campaign.comma')) : t('campaign.nothingAfter')],
  ]
  return (
    <Panel title={t('campaign.summary')} extra={draft.list && <span className="quiet">{t('campaign.willCall', { count: draft.list.accepted, n: count(draft.list.accepted) })}</span>}>
      <dl className={css.summary}>{rows.map(([step, label, value]) => (
        <div key={label}><dt>{label}</dt><dd>
          <span>{value || <span className={css.error}>{t('campaign.missing')}</span>}</span><Button type="link" size="small" onClick={() => go(step)} aria-label={t('campaign.editOne', { name: label })}>{t('platform.edit')}</Button>
        </dd></div>
      ))}</dl>
    </Panel>
  )
}
