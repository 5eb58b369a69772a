// style.md's table "Who may import whom", folder by folder. Type-only imports count: that is where cycles start.

const PORTS = '^src/client/types\\.ts$'

/** What a folder may import beside itself and packages; paths are regular expressions. */
const MAY_IMPORT = {
  model: [],
  mapping: ['^src/model/'],
  telemetry: ['^src/model/'],
  client: ['^src/model/', '^native/'],
  source: ['^src/(model|mapping|telemetry)/', PORTS],
  sink: ['^src/(model|mapping|telemetry)/', PORTS],
  checkpoint: ['^src/(model|mapping|telemetry)/', PORTS],
  operators: ['^src/(model|mapping|telemetry)/'],
  pipeline: ['^src/(model|mapping|telemetry|source|sink|operators|checkpoint)/', PORTS],
  control: ['^src/(model|mapping|telemetry)/', PORTS],
  verify: ['^src/(control|mapping|model)/', PORTS],
  config: ['^src/model/', '^src/[^/]+/options\\.ts$'],
  job: ['^src/(pipeline|control|verify|mapping|model|telemetry|config)/', '^src/client/(types|create-clients)\\.ts$'],
  service: [
    '^src/(job|control|mapping|model|telemetry|config)/',
    '^src/client/embedded-cluster\\.ts$',
    '^src/api/contract\\.ts$'
  ],
  api: ['^src/(model|telemetry)/', '^src/service/service-port\\.ts$']
}

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^(src|native|web)/', pathNot: [`^src/${folder}/`, ...allowed] }
}))

module.exports = {
  forbidden: [
    ...folderRules,
    {
      name: 'every-folder-has-a-row',
      comment: 'a new folder of src needs its row in the table first',
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/(${Object.keys(MAY_IMPORT).join('|')}|cli)/`, '^src/index\\.ts$'] },
      to: {}
    },
    {
      name: 'model-stands-alone',
      comment: 'model imports no package and nothing of Node.js',
      severity: 'error',
      from: { path: '^src/model/' },
      to: { pathNot: '^src/model/' }
    },
    {
      name: 'mapping-only-patterns',
      comment: 'mapping imports no package but the linear-time pattern engine',
      severity: 'error',
      from: { path: '^src/mapping/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
        pathNot: '^node_modules/re2js/'
      }
    },
    {
      name: 'ports-as-types',
      comment: 'the stages know the client as a type only',
      severity: 'error',
      from: { path: '^src/(source|sink|checkpoint|pipeline|control|verify)/' },
      to: { path: PORTS, dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'api-knows-the-service-as-a-type',
      comment: 'HTTP is one way to ask the service; it is given one',
      severity: 'error',
      from: { path: '^src/api/' },
      to: { path: '^src/service/', dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'service-knows-the-contract-as-types',
      severity: 'error',
      from: { path: '^src/service/' },
      to: { path: '^src/api/', dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'config-as-types',
      comment: 'a job is given its configuration; it does not load it',
      severity: 'error',
      from: { path: '^src/job/' },
      to: { path: '^src/config/', dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'one-door-to-kafka',
      comment: 'src/client is the only door to node-rdkafka and to the addon',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/client/' },
      to: { path: ['^node_modules/node-rdkafka/', '^native/'] }
    },
    {
      name: 'one-importer-of-convict',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/config/' },
      to: { path: '^node_modules/(@types/)?convict/' }
    },
    {
      name: 'one-importer-of-the-telemetry-sdk',
      comment: 'everybody else uses @opentelemetry/api',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/telemetry/start-telemetry\\.ts$' },
      to: { path: '^(node_modules/)?@opentelemetry/', pathNot: '^node_modules/@opentelemetry/api/' }
    },
    {
      name: 'contract-is-types',
      severity: 'error',
      from: { path: '^src/api/contract(/|\\.ts$)' },
      to: { dependencyTypesNot: ['type-only'] }
    },
    {
      name: 'entries-are-ends',
      comment: 'nobody imports the command line or the list of public names',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: ['^src/cli/', '^src/index\\.ts$'] }
    },
    {
      name: 'cli-does-not-import-index',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/index\\.ts$' }
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|benchmarks|scripts)/' }
    },
    {
      name: 'console-knows-the-contract',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|native|test|benchmarks)/', pathNot: '^src/api/contract\\.ts$' }
    },
    {
      name: 'console-knows-types',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] }
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: { pathNot: '^native/' }, to: { couldNotResolve: true } },
    {
      name: 'declared-packages',
      comment: 'what runs at a user comes from dependencies, not from devDependencies or by accident',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/@types/'
      }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What `npm run build` makes may not be there yet.
    exclude: { path: '^(dist|native/build)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types']
    },
    detectProcessBuiltinModuleCalls: true
  }
}
