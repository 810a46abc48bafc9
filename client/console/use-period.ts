import { useTabState } from './tab-state.ts'

/** The period of a page: what its address names (`#/figures/7`), else what was chosen last in this tab. */
export function usePeriod<P extends string>(
  page: string,
  periods: readonly P[],
  initial: NoInfer<P>,
): [P, (period: P) => void] {
  const [chosen, setChosen] = useTabState<P>(`${page}:days`, initial)
  const named = periods.find(period => location.hash === `#/${page}/${period}`)
  return [
    named ?? chosen,
    period => {
      history.replaceState(null, '', `#/${page}/${period}`)
      setChosen(period)
    },
  ]
}
