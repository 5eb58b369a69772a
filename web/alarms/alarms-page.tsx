import { listChannels, listRules } from '../api/alarms.ts'
import { may } from '../api/session.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { navigate, queryParameter, setQueryParameter } from '../app/location.ts'
import { NotFoundPage } from '../app/not-found-page.tsx'
import { curlCommand } from '../format/shell.ts'
import { Icon } from '../parts/icon.tsx'
import { Page } from '../parts/page.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { ActiveTab } from './active-tab.tsx'
import { ChannelDialog } from './channel-dialog.tsx'
import { ChannelsTab } from './channels-tab.tsx'
import { HistoryTab } from './history-tab.tsx'
import { PrometheusTab } from './prometheus-tab.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { RulesTab } from './rules-tab.tsx'

const TABS = [
  { id: 'active', title: 'Active', path: '/alarms' },
  { id: 'rules', title: 'Rules', path: '/alarm-rules' },
  { id: 'channels', title: 'Channels', path: '/alarm-channels' },
  { id: 'history', title: 'History', path: '/alarm-history' },
  { id: 'prometheus', title: 'Prometheus', path: '/prometheus-rules' }
] as const

export function AlarmsPage({ tab = 'active' }: { readonly tab?: string }) {
  const rules = useLoaded('alarm rules', listRules)
  const channels = useLoaded('alarm channels', listChannels)
  const current = TABS.find(({ id }) => id === tab)
  if (!current) return <NotFoundPage />
  const edited = queryParameter('edit')
  const isNew = queryParameter('new') !== ''
  const close = () => setQueryParameter(isNew ? 'new' : 'edit', '')
  const rule = rules.value?.find(({ id }) => id === edited)
  const channel = channels.value?.find(({ name }) => name === edited)
  const isOfChannels = tab === 'channels'
  return (
    <Page
      title="Alarms"
      tabs={
        <Tabs
          label="Parts of the alarms"
          tabs={TABS.map(({ id, title }) => ({
            href: id === 'active' ? '/alarms' : `/alarms/${id}`,
            label: title,
            isCurrent: id === tab,
            count: id === 'rules' ? rules.value?.length : id === 'channels' ? channels.value?.length : undefined
          }))}
        />
      }
      actions={
        isOfChannels
          ? may('admin') && (
              <button type="button" onClick={() => setQueryParameter('new', '1')}>
                <Icon name="plus" />
                New channel
              </button>
            )
          : may('operate') && (
              <button type="button" onClick={() => navigate('/alarms/rules?new=1')}>
                <Icon name="plus" />
                New rule
              </button>
            )
      }
      commands={[curlCommand(window.location.origin, 'GET', current.path)]}
    >
      {tab === 'active' && <ActiveTab />}
      {tab === 'rules' && <RulesTab rules={rules} />}
      {tab === 'channels' && <ChannelsTab channels={channels} />}
      {tab === 'history' && <HistoryTab />}
      {tab === 'prometheus' && <PrometheusTab />}
      {tab === 'rules' && may('operate') && (isNew || rule) && rules.value && channels.value && (
        <RuleDialog
          key={edited}
          rule={isNew ? undefined : rule}
          taken={rules.value.map(({ id }) => id)}
          channels={channels.value}
          onClose={close}
          onSaved={() => {
            close()
            rules.reload()
          }}
        />
      )}
      {isOfChannels && may('admin') && (isNew || channel) && (
        <ChannelDialog
          key={edited}
          channel={isNew ? undefined : channel}
          onClose={close}
          onSaved={() => {
            close()
            channels.reload()
          }}
        />
      )}
    </Page>
  )
}
