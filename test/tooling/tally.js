/**
 * Adds up vitest's JSON reports. Usage: tally.js failed REPORT, which prints the files of a report that failed, a line each;
 * tally.js sum FOLDER, which prints `passed failed` over all suites of a folder. A suite's report is `NAME.json`; that of
 * a file which failed and ran once more by itself is `NAME.again-N.json`, and stands for the file. What passes then is
 * named as `FLAKY` on standard error, and what fails in the end as `FAILED`, by its test.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

const [command, path] = process.argv.slice(2)

const read = file => JSON.parse(readFileSync(file, 'utf8')).testResults
const hasFailed = file => file.status === 'failed'
const nameOf = file => relative(process.cwd(), file.name)

/** A file that could not even be collected has failed as one. */
function count(files) {
  let passed = 0
  let failed = 0
  for (const file of files) {
    const outcomes = file.assertionResults.map(test => test.status)
    passed += outcomes.filter(status => status === 'passed').length
    failed += outcomes.filter(status => status === 'failed').length || (hasFailed(file) ? 1 : 0)
  }
  return { passed, failed }
}

function nameFailures(file, suite) {
  const failed = file.assertionResults.filter(test => test.status === 'failed')
  const titles = failed.length > 0 ? failed.map(test => test.fullName) : ['could not be collected']
  for (const title of titles) console.error(`FAILED ${nameOf(file)} (${suite}): ${title}`)
}

function settle(suite, reports) {
  const again = reports
    .filter(name => name.startsWith(`${suite}.again-`))
    .flatMap(name => read(`${path}/${name}`))
  return read(`${path}/${suite}.json`).map(file => {
    const second = hasFailed(file) && again.find(entry => entry.name === file.name)
    const last = second || file
    if (hasFailed(last)) nameFailures(last, suite)
    else if (second) console.error(`FLAKY ${nameOf(file)} (${suite})`)
    return last
  })
}

if (command === 'failed') {
  for (const file of read(path).filter(hasFailed)) console.log(nameOf(file))
} else {
  const reports = readdirSync(path).filter(name => name.endsWith('.json'))
  const suites = reports.filter(name => !name.includes('.again-')).map(name => name.slice(0, -'.json'.length))
  const { passed, failed } = count(suites.flatMap(suite => settle(suite, reports)))
  console.log(passed, failed)
}
