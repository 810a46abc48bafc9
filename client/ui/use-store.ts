import { useEffect, useState } from 'preact/hooks'

/** Renders again at each change of anything with `get` and `subscribe`. */
export function useStore<T>({
  get,
  subscribe,
}: {
  get(): T
  subscribe(listener: () => void): () => void
}): T {
  const [, render] = useState({})
  // A change between rendering and subscribing would be missed: hence the render at once.
  useEffect(() => {
    render({})
    return subscribe(() => render({}))
  }, [subscribe])
  return get()
}
