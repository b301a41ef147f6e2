import { CheckCircleFilled, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, data } from '@/platform/api'
import css from './Home.module.css'

/** Checklist is what a tenant still needs before it can dial (FEATURES A1), each with its link; gone when nothing is missing. */
export function Checklist() {
  const { t } = useTranslation()
  const { data: list } = useQuery({ queryKey: ['checklist'], queryFn: () => data(api.GET('/home/checklist')) })
  if (!list || list.ready) return null
  const done = list.items.filter(i => i.ok).length
  return (
    <section className={`panel ${css.checklist}`} aria-labelledby="checklist">
      <header>
        <div><h2 id="checklist">{t('home.checklist')}</h2><p>{t('home.checklistHint')}</p></div>
        <span className="num">{t('home.checklistDone', { done, total: list.items.length })}</span>
      </header>
      <ol>
        {list.items.map(item => (
          <li key={item.key} data-ok={item.ok}>
            <Link to={item.link}>
              {item.ok ? <CheckCircleFilled aria-label={t('home.done')} /> : <i aria-label={t('home.missing')} role="img" />}
              <span><b>{t(`home.need.${item.key}`)}</b><small>{item.text}</small></span>
              <RightOutlined />
            </Link>
          </li>
        ))}
      </ol>
    </section>
  )
}
