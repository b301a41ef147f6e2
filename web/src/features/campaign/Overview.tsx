import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Bars } from '@/platform/Bars'
import { count, percent } from '@/platform/format'
import { Scene } from '@/platform/Empty'
import { Panel } from '@/platform/Page'
import type { CampaignDetail } from '@/platform/types'
import { GradeBar } from '@/words/GradeTag'
import { useOutcome } from '@/words/StateTag'
import css from './Campaign.module.css'
import { LiveCalls } from './LiveCalls'

/** Overview is how a campaign is doing: calls under way, grades, funnel, outcomes. */
export function Overview({ campaign: c }: { campaign: CampaignDetail }) {
  const live = c.state === 'running' || c.counts.active > 0
  return (
    <div className="stack">
      {live && <LiveCalls campaign={c} />}
      <div className={css.panels}><Grades campaign={c} /><Funnel funnel={c.funnel} /><Outcomes outcomes={c.outcomes} /></div>
    </div>
  )
}

type Per = 'call' | 'lead'

// Shares are of all calls, as the manual says; a switch shows them per lead (FEATURES A3.4).
function Grades({ campaign: c }: { campaign: CampaignDetail }) {
  const { t } = useTranslation()
  const [per, setPer] = useState<Per>('call')
  return (
    <div className={css.wide}>
      <Panel title={t('words.grades')} extra={<Segmented<Per> size="small" value={per} onChange={setPer} aria-label={t('campaign.per')} options={[{ value: 'call', label: t('campaign.perCall') }, { value: 'lead', label: t('campaign.perLead') }]} />}>
        <GradeBar counts={per === 'call' ? c.grades : c.lead_grades} />
      </Panel>
    </div>
  )
}

// Dialled → connected → at least one effective round → A or B; each with its share of the step before.
function Funnel({ funnel: f }: { funnel: CampaignDetail['funnel'] }) {
  const { t } = useTranslation()
  const steps: [string, number][] = [['dialled', f.dialled], ['connected', f.connected], ['round1', f.round1], ['ab', f.ab]]
  return (
    <Panel title={t('campaign.funnel')}>
      <table className={css.funnel}>
        <tbody>
          {steps.map(([key, n], i) => {
            const before = i ? steps[i - 1]![1] : n
            return (
              <tr key={key}>
                <th scope="row">{t(`campaign.step.${key}`)}</th>
                <td aria-hidden="true"><i data-step={i} style={{ width: `${f.dialled ? (n / f.dialled) * 100 : 0}%` }} /></td>
                <td className="num">{count(n)}</td>
                <td className="num quiet">{i && before ? percent(n / before) : ''}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}

function Outcomes({ outcomes }: { outcomes: CampaignDetail['outcomes'] }) {
  const { t } = useTranslation()
  const outcome = useOutcome()
  const rows = Object.entries(outcomes).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]).map(([k, n]) => ({ label: outcome(k), n }))
  return <Panel title={t('campaign.outcomes')}>{rows.length ? <Bars rows={rows} /> : <Scene compact title={t('campaign.noCalls')} text={t('campaign.noCallsHint')} />}</Panel>
}
