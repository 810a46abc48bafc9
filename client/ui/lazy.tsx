import type { ComponentChildren, ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'

interface Props {
  load(): Promise<ComponentType>
  /** Shown until it is there. */
  children: ComponentChildren
  /** In its place when it could not be fetched: a new version is out, or the network is away. */
  failed: ComponentChildren
}

/** A part of the page that is fetched when it is first shown. */
export function Lazy({ load, children, failed }: Props) {
  const [View, setView] = useState<ComponentType | null>(null)
  const [isFailed, setFailed] = useState(false)
  useEffect(() => {
    load().then(
      view => setView(() => view),
      () => setFailed(true),
    )
  }, [load])
  return <>{View ? <View /> : isFailed ? failed : children}</>
}
