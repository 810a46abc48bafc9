export interface MailFailure {
  /** Codes only, for the log. */
  code: string
  /** With the server's words, for whoever reads the outbox; addresses in them are left out. */
  reason: string
  /** Trying again would be answered the same. */
  isFinal: boolean
}

const reasonMaxLength = 300

/**
 * What a failed sending means. A 5xx to this very mail is final (RFC 5321, 4.2.1). One to signing in or to a greeting
 * is the operator's to mend, and the mail waits, as it does for 4xx and for a connection that fails.
 */
export function failureOf(error: unknown): MailFailure {
  const { code, responseCode, response } = error as {
    code?: string
    responseCode?: number
    response?: string
  }
  const isAboutMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const codes = [code, responseCode].filter(Boolean).join(' ') || 'not sent'
  return {
    code: codes,
    reason: response ? withoutAddresses(response) : codes,
    isFinal: isAboutMail && responseCode !== undefined && responseCode >= 500,
  }
}

/** On one line. */
function withoutAddresses(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .slice(0, reasonMaxLength)
    .split(' ')
    .map(word => (word.includes('@') ? '<…>' : word))
    .join(' ')
}

/** What went wrong between here and a mail server, as a sentence for its operator. */
export function smtpProblem(error: unknown, host: string): string {
  const { code, response, message } = error as { code?: string; response?: string; message: string }
  const reply = response ? ` It said: ${response.replace(/\s+/g, ' ').trim()}` : ''
  const sentences: Record<string, string> = {
    EAUTH: `${host} does not take the user and password of SMTP_URL.`,
    EENVELOPE: `${host} refused the sender or the recipient.`,
    EMESSAGE: `${host} refused the mail.`,
    EDNS: `There is no host of the name in SMTP_URL (${host}).`,
    ETLS: `${host} and this server did not agree on TLS.`,
    ETIMEDOUT: `${host} did not answer in time: is the port right, and open to this machine?`,
    ECONNECTION: `${host} refused or closed the connection: is the port right? (${message})`,
    ESOCKET: `The connection to ${host} failed: ${message}.`,
  }
  return `${(code && sentences[code]) || `${host} could not be used: ${message}.`}${reply}`
}
