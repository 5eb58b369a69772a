export type Look = 'light' | 'dark' | 'narrow' | 'narrow-dark'

/** Every view of the console, as an address and what must be seen before it is looked at. */
export interface View {
  readonly name: string
  readonly path: string
  readonly ready: string
  /** Clicked one after the other. */
  readonly clicks?: readonly string[]
  readonly readyAfter?: string
  /** The looks that docs/console.md shows. */
  readonly inDocs?: readonly Look[]
}

export const VIEWS: readonly View[] = [
  { name: 'jobs', path: '/jobs', ready: 'text=clickstream-eu', inDocs: ['light', 'dark', 'narrow'] },
  { name: 'job-overview', path: '/jobs/clickstream-eu', ready: '.chart canvas', inDocs: ['light', 'dark', 'narrow'] },
  { name: 'job-degraded', path: '/jobs/payments-migration', ready: '.callout', inDocs: ['light'] },
  { name: 'job-auth-failed', path: '/jobs/iot-telemetry', ready: '.callout.failed' },
  { name: 'job-draft', path: '/jobs/new-region-draft', ready: 'text=About this job' },
  { name: 'job-partitions', path: '/jobs/clickstream-eu/partitions', ready: 'tbody tr', inDocs: ['light'] },
  { name: 'job-mapping', path: '/jobs/orders-to-dr/mapping', ready: 'tbody tr' },
  { name: 'job-events', path: '/jobs/orders-to-dr/events', ready: '.event-list li' },
  { name: 'job-log', path: '/jobs/orders-to-dr/log', ready: '.log-line' },
  { name: 'job-not-copied', path: '/jobs/payments-migration/not-copied', ready: 'tbody tr' },
  { name: 'job-configuration', path: '/jobs/orders-to-dr/configuration', ready: '.revisions li' },
  {
    name: 'job-differences',
    path: '/jobs/orders-to-dr/configuration',
    ready: '.revisions li',
    clicks: ['.revisions button'],
    readyAfter: '.diff'
  },
  { name: 'job-editor', path: '/jobs/orders-to-dr/configuration?edit=1', ready: 'textarea' },
  {
    name: 'job-start',
    path: '/jobs/logs-to-lake',
    ready: 'button:text-is("Start")',
    clicks: ['button:text-is("Start")', 'text=At a time'],
    readyAfter: 'text=To copy',
    inDocs: ['light']
  },
  {
    name: 'job-stop',
    path: '/jobs/orders-to-dr',
    ready: 'button:text-is("Stop")',
    clicks: ['button:text-is("Stop")'],
    readyAfter: 'dialog[open]'
  },
  {
    name: 'job-menu',
    path: '/jobs/orders-to-dr',
    ready: '[aria-label="More actions"]',
    clicks: ['[aria-label="More actions"]'],
    readyAfter: '[role=menu]'
  },
  {
    name: 'commands',
    path: '/jobs/orders-to-dr',
    ready: '[aria-label="Copy as command"]',
    clicks: ['[aria-label="Copy as command"]'],
    readyAfter: '.commands'
  },
  { name: 'job-missing', path: '/jobs/no-such-job', ready: '.callout.failed' },
  { name: 'wizard-new', path: '/new-job', ready: '.clusters' },
  {
    name: 'wizard-wrong',
    path: '/new-job',
    ready: '.clusters',
    clicks: ['button:text("Continue")'],
    readyAfter: '[aria-invalid]'
  },
  { name: 'wizard-import', path: '/new-job?import=1', ready: 'dialog[open]' },
  { name: 'wizard-connections', path: '/edit-job/new-region-draft/connections', ready: '.clusters' },
  {
    name: 'wizard-topics',
    path: '/edit-job/new-region-draft/topics',
    ready: 'text=/topics? copied/',
    inDocs: ['light']
  },
  { name: 'wizard-target', path: '/edit-job/new-region-draft/target', ready: 'text=Partition of a record' },
  { name: 'wizard-mapping', path: '/edit-job/new-region-draft/mapping', ready: 'input.in-cell', inDocs: ['light'] },
  { name: 'wizard-task', path: '/edit-job/new-region-draft/task', ready: '.memory-bar' },
  {
    name: 'wizard-review',
    path: '/edit-job/new-region-draft/review',
    ready: 'text=can be submitted',
    inDocs: ['light']
  },
  { name: 'connections', path: '/connections', ready: 'tbody tr' },
  { name: 'connection-new', path: '/connections?new=1', ready: 'dialog[open]' },
  { name: 'connection-edit', path: '/connections?edit=new-region', ready: 'dialog[open]' },
  {
    name: 'connection-test',
    path: '/connections',
    ready: 'tbody tr',
    clicks: ['button:text-is("Test")'],
    readyAfter: '.stages .ok',
    inDocs: ['light']
  },
  { name: 'alarms', path: '/alarms', ready: 'tbody tr' },
  { name: 'alarm-rules', path: '/alarms/rules', ready: 'tbody tr', inDocs: ['light'] },
  { name: 'alarm-rule', path: '/alarms/rules?edit=rule-1', ready: 'dialog[open]' },
  { name: 'alarm-rule-new', path: '/alarms/rules?new=1', ready: 'dialog[open] .presets' },
  { name: 'alarm-channels', path: '/alarms/channels', ready: 'tbody tr' },
  { name: 'alarm-webhook', path: '/alarms/channels?edit=on-call', ready: 'dialog[open]' },
  { name: 'alarm-mail', path: '/alarms/channels?edit=platform-team', ready: 'dialog[open]' },
  { name: 'alarm-history', path: '/alarms/history', ready: 'tbody tr' },
  { name: 'alarm-prometheus', path: '/alarms/prometheus', ready: 'pre' },
  { name: 'audit', path: '/audit', ready: 'tbody tr' },
  { name: 'settings', path: '/settings', ready: 'text=Data directory' },
  { name: 'errors', path: '/errors/MR_LOSS', ready: '.error-codes' },
  { name: 'not-found', path: '/nowhere', ready: 'text=There is no such page' }
]
