import { Component, type ComponentClass, type FunctionComponent } from 'preact'

/** A view that is rendered anew only when a property is another. Lists are the same when what is in them is. */
export function memo<P extends object>(View: FunctionComponent<P>): ComponentClass<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const keys = Object.keys(next) as (keyof P)[]
      return (
        keys.length !== Object.keys(this.props).length ||
        keys.some(key => !isSame(this.props[key as never], next[key]))
      )
    }
    render() {
      return View(this.props as P)
    }
  }
}

function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  return one.length === other.length && one.every((each, at) => each === other[at])
}
