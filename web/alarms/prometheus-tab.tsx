import { getPrometheusRules } from '../api/alarms.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { copyText } from '../parts/copy-text.ts'
import { Icon } from '../parts/icon.tsx'
import { LoadedView } from '../parts/view-states.tsx'

export function PrometheusTab() {
  const loaded = useLoaded('prometheus rules', getPrometheusRules)
  return (
    <LoadedView loaded={loaded} what="the rules file">
      {(text) => (
        <section class="block">
          <div class="title-row">
            <h2>The same rules for Prometheus</h2>
            <div class="actions">
              <button type="button" class="quiet small" onClick={() => void copyText(text, 'Rules')}>
                <Icon name="copy" />
                Copy
              </button>
              <a class="button quiet small" href="/api/v1/prometheus-rules" download="millrace-rules.yaml">
                <Icon name="download" />
                Download
              </a>
            </div>
          </div>
          <p class="help">The enabled rules, for the metrics that a job exposes with http.listen.</p>
          <pre tabIndex={0} aria-label="Rules file" class="long">
            {text}
          </pre>
        </section>
      )}
    </LoadedView>
  )
}
