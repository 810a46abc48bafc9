import { Component, type ComponentClass, createElement, type FunctionComponent } from 'preact'

/** A view that is rendered anew only when a property is another. Lists are the same when what is in them is. */
export function memo<P extends object>(View: FunctionComponent<P>): ComponentClass<P> {
  return class extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return !isSame(this.props, next, true)
    }
    render() {
      return createElement(View, this.props as P)
    }
  }
}

function isSame(one: object, other: object, isDeep = false): boolean {
  const keys = Object.keys(one) as (keyof object)[]
  return (
    keys.length === Object.keys(other).length &&
    keys.every(key => {
      const [before, after]: unknown[] = [one[key], other[key]]
      return (
        before === after || (isDeep && Array.isArray(before) && Array.isArray(after) && isSame(before, after))
      )
    })
  )
}
