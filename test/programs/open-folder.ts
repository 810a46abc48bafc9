import { openDatabase } from '../../storage/engine/open.ts'

/** Opens the embedded database in a folder, commits a row, says how many there are, and stays. */
const database = await openDatabase({ databaseUrl: null, folder: process.argv[2]! })
await database.sql`create table if not exists starts (at timestamptz default now())`
await database.sql`insert into starts default values`
const [row] = await database.sql`select count(*)::int as count from starts`
process.stdout.write(`rows ${row!.count}\n`)
process.on('SIGTERM', () => database.close().then(() => process.exit(0)))
setInterval(() => {}, 1000)
