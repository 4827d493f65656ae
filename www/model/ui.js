// What the page itself knows, beside the run: what is chosen, typed, unfolded and pointed at.

/** @typedef {{ kind: 'node', id: number } | { kind: 'link', a: number, b: number } | { kind: 'client', name: string } | { kind: 'packet', id: number } | { kind: 'why', id: number } | { kind: 'share' } | { kind: 'lessons' }} Menu */
/** @typedef {'story' | 'verdict' | 'spacetime' | 'charts' | 'report' | 'check' | 'paste' | 'studies' | 'table' | 'text'} Tab */
/** @typedef {{ whole: string, moment: string, atUs: number }} Links of the run, to be shared */
/** @typedef {{ message: string, code: string, line?: number, column?: number, expected?: string }} Refusal */
/** @typedef {ReturnType<typeof makeUi>} Ui */

export const makeUi = () => ({
  key: 'cart',
  value: '1',
  session: 'A',
  /** The opening, and whether it asks by now. @type {{ asks: boolean } | undefined} */ opening: undefined,
  writeTo: '',
  /** Who is asked in place of whom the router would choose: a lesson wants that. */ readFrom: '',
  /** When a playing run pauses by itself: `nothing`, `broken` or `stale`. */ pauseOn: 'nothing',
  /** Whether the next write does not wait for slaves. */ local: false,
  /** What is unfolded. @type {Set<string>} */ open: new Set(),
  everyStep: false,
  /** The same run three ways, in place of the picture. */ beside: false,
  hints: true,
  /** @type {Tab} */ tab: 'story',
  /** Sliders that are being dragged. @type {Map<string, number>} */ drag: new Map(),
  /** @type {number | undefined} */ lit: undefined,
  /** @type {Menu | undefined} */ menu: undefined,
  /** @type {import('../types').Packet | undefined} */ packet: undefined,
  /** @type {import('../types').Why | undefined} */ why: undefined,
  /** @type {string | undefined} */ notice: undefined,
  /** @type {{ draft?: string, error?: Refusal, note?: string }} */ text: {},
  /** Pointed at on the time line. @type {import('../types').Mark | undefined} */ mark: undefined,
  /** Where the slider was moved to, µs. @type {number | undefined} */ scrubTo: undefined,
  /** @type {{ number: number, list: import('../types').Difference[] } | undefined} */ compared: undefined,
  /** @type {{ links?: Links, note?: string, stuck?: string }} */ share: {},
  /** @type {{ words: string, text: string } | undefined} */ crash: undefined,
  /** @type {string | undefined} */ failed: undefined,
  /** What the fields were filled for. @type {import('./asked.js').Asked} */ asked: { key: '' },
  /** The run that was left for a lesson. @type {{ text: string, atUs: number } | undefined} */ own: undefined,
  /** @type {import('../verbs/practice.js').Practice | undefined} */ practice: undefined,
  /** A lesson that is being made, and one that is being tried. @type {import('../verbs/practice.js').Recording | undefined} */ recording:
    undefined,
  /** @type {import('../verbs/practice.js').Recording | undefined} */ tried: undefined,
  /** Shown in place of the run. @type {{ lessons: { title: string, head: string, list: import('../types').Question[] }[], whole?: boolean } | undefined} */ sheet:
    undefined,
  /** A text that cannot be read, given by the host page: it is shown in place of any run. @type {{ text: string, error: Refusal } | undefined} */ refused:
    undefined,
  /** What the host page wanted shown did not arrive: this is said in place of any run. @type {{ words: string, again: () => void } | undefined} */ missing:
    undefined,
  /** What came of copying a link. @type {string | undefined} */ linkNote: undefined,
  /** The run whose lesson has come to its end. */ ended: 0,
  /** The control that a lesson points at. @type {import('../types').Wanted | undefined} */ pointed: undefined,
});
