/** About how long a text takes to be said at a voice's own speed, in seconds. */
export function secondsOf(spoken: string): number {
  const han = spoken.match(/\p{Script=Han}/gu)?.length ?? 0
  return han * secondsPerHan + (spoken.length - han) * secondsPerUnit
}

const secondsPerHan = 0.22
const secondsPerUnit = 0.065
