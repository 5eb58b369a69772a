import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onceInCache } from '../../../test/helpers/once-in-cache.ts'
import { runSuccessfully } from '../../../test/helpers/run-command.ts'
import { KAFKA_VERSION } from '../../harness/clusters.ts'

const DOWNLOAD_TIMEOUT_MS = 600_000
const LOG_BINDING_VERSION = '1.7.36'

/** MirrorMaker 2 of the brokers' version as Maven has it, in the test cache; returns the class path. */
export async function installMirrorMaker(): Promise<string> {
  const directory = await onceInCache(`mirror-maker-${KAFKA_VERSION}`, async (temporary) => {
    await writeFile(join(temporary, 'pom.xml'), POM)
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs']
    await runSuccessfully('mvn', ['--batch-mode', '--quiet', ...goal], {
      cwd: temporary,
      timeoutMs: DOWNLOAD_TIMEOUT_MS
    })
    const jars = await readdir(join(temporary, 'libs'))
    if (!jars.includes(`connect-mirror-${KAFKA_VERSION}.jar`)) {
      throw new Error(`Maven fetched no MirrorMaker: ${jars.join(', ')}`)
    }
  })
  return join(directory, 'libs', '*')
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace.bench</groupId>
  <artifactId>mirror-maker-${KAFKA_VERSION}</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>connect-mirror</artifactId><version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-reload4j</artifactId><version>${LOG_BINDING_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`
