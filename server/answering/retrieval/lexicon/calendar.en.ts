import type { CalendarWords } from './calendar.ts'

// biome-ignore format: tables of words
export const calendarEn: CalendarWords = {
  cue: /mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|week|dai|day/iu,
  day: /\b(mon|tues?|wed(?:nes)?|thurs?|thu|fri|sat(?:ur)?|sun)(?:day)?s?\b/giu,
  days: { mon: 0, tue: 1, tues: 1, wed: 2, wednes: 2, thu: 3, thur: 3, thurs: 3, fri: 4, sat: 5, satur: 5, sun: 6 },
  month: /\b(january|february|march|april|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)\b|(?<=\b(?:in|from|to|until|of|since)\s|[-–:]\s?)may(?=\b)|may(?=\s?(?:-|–|to)\s)/giu,
  months: {
    january: 0, february: 1, march: 2, april: 3, may: 4, june: 5, july: 6, august: 7, september: 8, october: 9, november: 10,
    december: 11, jan: 0, feb: 1, apr: 3, jun: 5, jul: 6, aug: 7, sep: 8, sept: 8, oct: 9, nov: 10, dec: 11,
  },
  weekdays: /\b(?:on )?weekdays?\b/iu,
  weekend: /\bweekends?\b/iu,
  everyDay: /\b(?:daily|every day|each day|seven days a week|7 days a week)\b/iu,
}
