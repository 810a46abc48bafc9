const addressMax = 2048

/** Parts of a key, however it is spelt, that say its value opens something. */
const secretPart =
  /token|passw|passphrase|secret|session|sessid|signature|credential|apikey|oauth|authori[sz]|authenti|cookie|csrf|xsrf|bearer|saml|jwt|密码|口令|令牌|验证码/
/** Keys, or words of one, that say so only as a whole: not keyword, author, design. */
const secretWords = new Set(
  'auth code hash hmac invite key keys magic nonce otp pass pin pw pwd sid sig sign sso state ticket'.split(
    ' ',
  ),
)
const jwt = /eyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)*/g

/**
 * The address of a shop's page as it may be kept and shown: without fragment and user info, without what opens something
 * for whoever reads it, and of a bounded length. Any text is taken: it is a hint.
 */
export function cleanPageAddress(address: string): string {
  const [whole] = address
    .replace(/\p{Cc}/gu, '')
    .trim()
    .split('#', 1)
  const [path, ...query] = whole!.slice(0, 8 * addressMax).split('?')
  const withoutUser = path!.replace(/^((?:[a-z][a-z\d+.-]*:)?[\\/]{2,})[^/\\]*@/i, '$1')
  const plainPath = withoutUser.replace(/;([^=/;]+)=[^/;]*/g, (parameter, key: string) =>
    isSecretKey(decode(key)) ? '' : parameter,
  )
  const parameters = query.flatMap(part => part.split(/[&;]/)).filter(parameter => !isSecret(parameter))
  const cleaned = [plainPath, parameters.join('&')].filter(Boolean).join('?').replace(jwt, '…')
  return cleaned
    .slice(0, addressMax)
    .replace(/%[\da-f]?$/i, '')
    .toWellFormed()
}

function isSecret(parameter: string): boolean {
  const [key = '', ...value] = parameter.split('=')
  if (isSecretKey(decode(key))) return true
  // An address within the address brings its own.
  const inner = decode(value.join('='))
  return inner.split(/[?&;#]/).some(part => part.includes('=') && isSecretKey(part.split('=', 1)[0]!))
}

function isSecretKey(key: string): boolean {
  const words = key
    .normalize('NFKC')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return words.some(word => secretWords.has(word)) || secretPart.test(words.join(''))
}

/** As often as proxies and forms encode it over again. */
function decode(text: string, times = 3): string {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '))
    return decoded === text || times === 1 ? decoded : decode(decoded, times - 1)
  } catch {
    return text
  }
}
