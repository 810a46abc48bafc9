/** Something the person who starts the server can mend: the message is one sentence, and no stack helps. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartError'
  }
}
