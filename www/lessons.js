// The lessons that come with the playground, in the order in which they are best taken.

/** What there is to take: file and title. */
export const LESSONS = /** @type {[file: string, title: string][]} */ ([['02-the-stale-read', 'The stale read']]);
