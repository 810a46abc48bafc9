import { openDatabase } from '#storage/engine/open'
import { StartError } from '#storage/engine/start-error'
import { resealAll } from '#storage/identity/secrets'
import { readConfig } from '../config/config.ts'
import { createSealer, type Place } from '../security/encryption.ts'
import { createKeyRing } from '../security/keys.ts'
import { addSecret, readSecrets } from '../security/secret.ts'

/**
 * `npm run rotate-key`: everything sealed is sealed anew by the current secret. A secret kept in the data folder is
 * made anew first; one that is configured is changed by whoever configures it (SECRET_KEY, SECRET_KEY_PREVIOUS).
 * Tokens signed by an earlier secret hold as long as it is still there.
 */
async function main(): Promise<void> {
  const config = readConfig()
  const database = await openDatabase({ databaseUrl: config.databaseUrl, folder: config.dataDir })
  try {
    if (config.secretKey === null) await addSecret(config)
    const sealer = createSealer(createKeyRing(await readSecrets(config)))
    const count = await resealAll(database, (sealed, place: Place) =>
      sealer.isCurrent(sealed) ? null : sealer.seal(sealer.open(sealed, place), place),
    )
    process.stdout.write(`${count} sealed anew by the current secret.\n`)
  } finally {
    await database.close()
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error instanceof StartError ? error.message : error.stack}\n`)
  process.exit(1)
})
