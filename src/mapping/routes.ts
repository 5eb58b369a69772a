/** Where the records of a source topic go. */
export interface TopicRoute {
  readonly source: string
  readonly target: string
  readonly targetPartitions: number
}

/**
 * The routes in force, by source topic.
 *
 * Invariant: a route is there before the first batch of its topic, and its partition count only grows.
 */
export class Routes {
  readonly #bySource = new Map<string, TopicRoute>()

  set(route: TopicRoute): void {
    const known = this.#bySource.get(route.source)
    if (known !== undefined && known.target === route.target && known.targetPartitions > route.targetPartitions) return
    this.#bySource.set(route.source, route)
  }

  of(sourceTopic: string): TopicRoute {
    const route = this.#bySource.get(sourceTopic)
    if (route === undefined) throw new Error(`no route for source topic ${sourceTopic}`)
    return route
  }
}
