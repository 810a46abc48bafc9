const answer = `The Aurel Book 13 is the lightest of our laptops and weighs 1.08 kg. [1] Its battery lasts up to fifteen hours \
of reading and writing, so a long flight needs no socket. It has 16 GB of memory and 512 GB of storage, which is plenty for \
office work, study and photographs. [1] If you cut video or render models, look at a larger one: the screen is brighter, the \
processor has twelve cores and there is room for two drives. [2] Both come with two years of warranty, and repairs in that \
time cost you nothing. Delivery takes two to four working days; you can send an unused device back within thirty days. [3] \
Tell me what you will do with it and how much you would like to spend, and I will compare the ones that fit. `

/** The answer about as a tokenizer cuts it: a word with its space, long words in two, marks and stops apart. */
export const pieces: readonly string[] = answer.match(/ ?[A-Za-z]{1,7}| ?\d{1,3}| ?\[|[^\w\s]|\s/g)!
