/** Zero crossings of the kernel on either side. */
const crossings = 8
/** How finely a place between two samples is told apart. */
const phases = 64

/**
 * From the rate of the device to another, piece by piece, as a windowed sinc filter: what the lower rate cannot hold is left out
 * and not folded back into the voice.
 */
export function createResampler(fromRate: number, toRate: number): (samples: Float32Array) => Float32Array {
  if (fromRate === toRate) return samples => samples
  const step = fromRate / toRate
  const cutoff = Math.min(1, toRate / fromRate) * 0.92
  const half = Math.ceil(crossings / cutoff)
  const kernels = Array.from({ length: phases }, (_, phase) => kernelAt(phase / phases, half, cutoff))
  let tail = new Float32Array(half)
  /** Of the next sample, in what `tail` begins. */
  let position = half

  return samples => {
    const input = new Float32Array(tail.length + samples.length)
    input.set(tail)
    input.set(samples, tail.length)
    const count = Math.max(0, Math.ceil((input.length - half - position) / step))
    const output = new Float32Array(count)
    for (let index = 0; index < count; index++) {
      const at = position + index * step
      const whole = Math.floor(at)
      const kernel = kernels[Math.min(phases - 1, Math.round((at - whole) * phases))]!
      let sum = 0
      for (let tap = 0; tap < kernel.length; tap++) sum += input[whole - half + 1 + tap]! * kernel[tap]!
      output[index] = sum
    }
    position += count * step
    const cut = Math.max(0, Math.min(input.length, Math.floor(position) - half))
    tail = input.slice(cut)
    position -= cut
    return output
  }
}

/** Weights of the samples around a place that is `fraction` behind one of them. */
function kernelAt(fraction: number, half: number, cutoff: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * half }, (_, tap) => {
    const distance = tap - half + 1 - fraction
    const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (half + 1))
    return sinc(distance * cutoff) * cutoff * window
  })
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map(weight => weight / sum)
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** 16-bit samples of those between -1 and 1. */
export function toPcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, sample => Math.max(-1, Math.min(1, sample)) * 0x7fff)
}

export function toFloat(samples: Int16Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(samples, sample => sample / 0x8000)
}
