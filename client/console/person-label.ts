interface Person {
  name?: string | null
  username: string | null
  email: string | null
}

/** What somebody with an account is called; null where nothing is left of them. */
export function personLabel({ name, username, email }: Person): string | null {
  return name ?? username ?? email
}
