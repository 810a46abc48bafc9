import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes a minute or more: begun last, it would run alone. The longest first. */
const long = [
  'faults/torture',
  'desk/handoff-races',
  'client/restored',
  'browser/desk',
  'browser/desk-arrivals',
  'cluster/handoff',
  'cluster/outage',
  'spec/access',
  'browser/pages',
  'browser/widget-handoff',
  'platform/incarnation',
  'faults/process',
  'platform/clocks',
  'platform/first-errors',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = long.indexOf(relative('test', moduleId).replace(/\.test\.ts$/, ''))
      return place === -1 ? long.length : place
    }
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}
