/** How a site signs who its customer is, with the secret in `PARLEY_IDENTITY_SECRET`. test/browser/console.test.ts runs the first. */
export const serverSnippets = {
  'Node.js': `import { createHmac } from 'node:crypto'

export function parleyUser({ id, email = '', name = '' }) {
  const expires_at = new Date(Date.now() + 3_600_000).toISOString()
  const hash = createHmac('sha256', process.env.PARLEY_IDENTITY_SECRET)
    .update([id, email, name, expires_at].join('\\n'))
    .digest('hex')
  return { id, email, name, expires_at, hash }
}`,
  PHP: `function parley_user(string $id, string $email = '', string $name = ''): array {
  $expires_at = gmdate('Y-m-d\\TH:i:s\\Z', time() + 3600);
  $text = implode("\\n", [$id, $email, $name, $expires_at]);
  $hash = hash_hmac('sha256', $text, getenv('PARLEY_IDENTITY_SECRET'));
  return compact('id', 'email', 'name', 'expires_at', 'hash');
}`,
  Python: `import hashlib, hmac, os
from datetime import datetime, timedelta, timezone

def parley_user(id, email="", name=""):
    expires = datetime.now(timezone.utc) + timedelta(hours=1)
    expires_at = expires.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = "\\n".join([str(id), email, name, expires_at])
    key = os.environ["PARLEY_IDENTITY_SECRET"].encode()
    hash = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return {"id": id, "email": email, "name": name, "expires_at": expires_at, "hash": hash}`,
  Ruby: `require 'openssl'
require 'time'

def parley_user(id:, email: '', name: '')
  expires_at = (Time.now.utc + 3600).iso8601
  text = [id, email, name, expires_at].join("\\n")
  hash = OpenSSL::HMAC.hexdigest('SHA256', ENV.fetch('PARLEY_IDENTITY_SECRET'), text)
  { id:, email:, name:, expires_at:, hash: }
end`,
} as const

export const pageSnippet = `<script>
  window.Parley ??= []
  Parley.push(['init', { user: /* what your server signed, as JSON; null for a guest */ null }])
</script>`
