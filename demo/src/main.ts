import { Address } from './training/address.js';
import { openCompareWhenAsked } from './compare/lazy.js';
import { placeOf, showFigure, whenSomebodyArrives } from './chapters/arrival.js';
import { CHAPTERS, stepThroughChapters } from './chapters/stepper.js';
import { landAt, landAtSections } from './page/anchors.js';
import { byId, say } from './page/dom.js';
import { sentences } from './page/format.js';
import { hasWebGpu } from './page/has-webgpu.js';
import { LearnedPanel } from './now/learned.js';
import { NowControls } from './now/controls.js';
import { NowPanel } from './now/panel.js';
import { NowWriting } from './now/writing.js';
import { Files } from './training/files.js';
import { entry, Form, text as valueOf } from './training/form.js';
import { PrimeHint } from './training/prime.js';
import { TabNotes } from './keep/tab-notes.js';
import { openInsideWhenAsked } from './inside/lazy.js';
import type { Answer, Fault } from './host/messages.js';
import type { Reading, ReadingRequest } from './now/protocol.js';
import type { Settings } from './training/protocol.js';
import { openSceneWhenNear } from './scene/lazy.js';
import { Session } from './training/session.js';
import type { Status } from './page/status.js';
import { workbench } from './training/workbench-words.js';
import { whenNear } from './page/when-near.js';
import { nextFrame } from './page/next-frame.js';
import { FILE, NOVEL, PASTED, TextField } from './training/text-field.js';
import { offerLanguages, translatePage } from './words/translate.js';
import { words } from './words/words.js';

declare global {
  interface Window {
    /** What scripts and tests may read of this page. */
    unrolledDemo?: {
      state(): {
        step: number;
        smoothLoss: number;
        baseline: number;
        adapter: string;
        dispatchesPerStep: number;
        charsPerSecond: number;
        status: Status;
      };
      /** Oldest first. */
      samples(): { step: number; text: string }[];
    };
  }
}

await translatePage();
offerLanguages(byId('language', HTMLSelectElement));
landAtSections();
/** What ends when somebody goes on from the first chapter. */
let leaveFirst = (): void => undefined;
stepThroughChapters((chapter) => chapter !== CHAPTERS[0] && leaveFirst());
const session = new Session();

window.unrolledDemo = {
  state: () => {
    const { facts, latest, line } = session;
    return {
      step: latest?.report.step ?? facts?.step ?? 0,
      smoothLoss: latest?.report.smoothLoss ?? facts?.smoothLoss ?? NaN,
      baseline: facts?.baseline ?? NaN,
      adapter: facts?.adapter ?? '',
      dispatchesPerStep: facts?.dispatchesPerStep ?? 0,
      charsPerSecond: latest && facts ? latest.stepsPerSecond * facts.charactersPerStep : NaN,
      status: line.status,
    };
  },
  samples: () => session.samples.all.map(({ step, text }) => ({ step, text })),
};

const catalogue = await session.client.service.catalogue();
const text = new TextField(catalogue);
const form = new Form(catalogue, text);
const address = new Address(form, text);

const { controls, chapter } = address.asked;
/** The only chapter of a page without controls. */
const alone = controls ? undefined : (await import('./chapters/class-mode.js')).showAlone(chapter);
if (controls && chapter !== undefined) landAt(`#${CHAPTERS[chapter - 1]}`);
for (const button of document.querySelectorAll<HTMLButtonElement>('.class-link'))
  button.addEventListener('click', () => {
    const number = (CHAPTERS as readonly string[]).indexOf(button.dataset.chapter ?? '') + 1;
    void import('./chapters/class-link.js').then(({ giveClassLink }) =>
      giveClassLink(button, number, String(entry('seed')), words.classes),
    );
  });
whenNear(byId('check-start', HTMLElement), async () => {
  const { CheckPanel } = await import('./check/panel.js');
  new CheckPanel(hasWebGpu(), address.asked.check);
});
openSceneWhenNear();
/** Whether the training stands still for the comparison. */
let pausedForIt = false;
const comparison = openCompareWhenAsked({
  catalogue,
  hasWebGpu: hasWebGpu(),
  pause: async () => {
    if (session.line.status !== 'running') return;
    pausedForIt = true;
    await session.pause();
  },
  goOn: () => {
    if (pausedForIt && session.line.status === 'paused') void playOrStart();
    pausedForIt = false;
  },
  atOnce: alone === 'forgets',
});
/** Three networks begin by themselves for those who come to see them, where a page may move. */
const comparesItself = address.asked.autostart && !matchMedia('(prefers-reduced-motion: reduce)').matches;
const arrivedAt = controls
  ? placeOf(chapter === undefined || location.hash !== '' ? location.hash : `#${CHAPTERS[chapter - 1]}`)
  : undefined;
const comesToCompare = arrivedAt === 'forgets' && comparesItself;
if (arrivedAt) showFigure(arrivedAt);
whenSomebodyArrives((place) => {
  showFigure(place);
  if (place !== 'forgets') comparison.leave();
  else if (comparesItself) comparison.come();
});
openInsideWhenAsked(() =>
  session.facts && session.line.status !== 'failed' ? session.client.service : undefined,
);

function settings(): Settings {
  const chosen = form.settings();
  return !hasWebGpu() && chosen.backend === 'auto' ? { ...chosen, backend: 'cpu' } : chosen;
}

whenNear(byId('film', HTMLElement), async () => {
  const { FilmView } = await import('./film/view.js');
  session.follow(new FilmView(byId('film-view', HTMLElement), live));
});
whenNear(byId('machine-figures', HTMLElement), async () => {
  const { fillGlossary } = await import('./training/glossary.js');
  fillGlossary();
});
whenNear(byId('start', HTMLElement), async () => {
  const { EstimatePanel } = await import('./training/estimate.js');
  new EstimatePanel(form, (chosen) => session.client.service.estimate(chosen), settings);
});
const live = (request: ReadingRequest): Promise<Answer<Reading>> | undefined =>
  session.facts && session.line.status !== 'failed' ? session.client.service.reading(request) : undefined;
const now = new NowPanel({
  first: (request) => session.client.service.firstReading(settings(), request),
  live,
  sentenceOf: (fault) => form.sentenceOf(fault),
  version: () => `${session.facts?.run ?? ''} ${session.lastStep}`,
  temperature: () => {
    const temperature = entry('temperature');
    return valueOf('draw') === 'argmax' || typeof temperature !== 'number' ? 0 : temperature;
  },
});
session.follow({
  began: () => now.refresh(),
  progress: () => (now.done = false),
  learned: () => (now.done = true),
  wound: (step) => now.wind(step),
});
let replay: { toggle(): void } | undefined;
for (const button of document.querySelectorAll('.replay'))
  button.addEventListener('click', () => {
    void import('./film/replay.js').then(({ Replay }) => {
      replay ??= new Replay(session.film);
      replay.toggle();
    });
  });
const writing = new NowWriting({
  samples: () => session.samples.all,
  bits: (upTo) => session.charts.bits(upTo),
});
session.follow(writing);
const learned = new LearnedPanel(
  {
    read: () => void readOn(),
    novel: () => learn(NOVEL),
    byHeart: () => {
      form.set('untilLearned', '0');
      session.byHeart();
      changed();
    },
  },
  () => valueOf('text') === NOVEL,
);
session.follow(learned);

const primeHint = new PrimeHint(() => session.samples.alphabet);

function show(fault: Fault | undefined, focus = true): void {
  if (fault) {
    form.showFault(fault, focus);
    // A page without controls has no fields to show it at.
    if (!controls) session.line.refuse(form.sentenceOf(fault));
    return;
  }
  if (!session.facts) return;
  text.showFacts(session.facts.text);
  primeHint.update();
}

/** @returns whether it has begun */
async function start(play: boolean): Promise<boolean> {
  form.clearFaults();
  const fault = await session.start(settings(), form.sampling(), play);
  if (!fault) address.write();
  show(fault);
  return !fault;
}

async function playOrStart(): Promise<void> {
  // What has learned all that it can goes on by heart.
  if (session.line.status === 'done') learned.goOn();
  else if (session.facts) session.play();
  else await start(true);
}

on('settings', 'submit', async () => {
  byId('begun', HTMLElement).hidden = !(await start(true));
});
on('toggle', 'click', async () => {
  pausedForIt = false;
  await (session.line.status === 'running' ? session.pause() : playOrStart());
});
on('stop-writing', 'click', () => session.stopWriting());
on('step', 'click', () => session.step());
on('reset', 'click', async () => show(await session.reset(form.sampling())));
on('learned-again', 'click', async () => {
  show(await session.reset(form.sampling()));
  session.play();
});
on('recover', 'click', async () => show(await session.recover(form.sampling())));
on('rate', 'change', async () => {
  const fault = await session.setRate(entry('rate'));
  if (fault) form.showFault(fault, false);
  else changed();
});
on('sampling', 'submit', async () => {
  if (!(await takeSampling())) return;
  const answer = await session.client.service.sample();
  if (!answer.ok) form.showFault(answer.fault, true);
});
for (const id of ['prime', 'draw', 'topK', 'temperature', 'length', 'sampleEvery', 'preset'])
  on(id, 'change', takeSampling);

/** Characters of the long sample. */
const READ_ON = '2000';

/** Writes a long sample beside the strip. */
async function readOn(): Promise<void> {
  writing.long = true;
  form.set('length', READ_ON);
  if (await takeSampling()) await session.client.service.sample();
}

/** Restarts training with a text of the menu, and scrolls to the first screen. */
function learn(name: string): void {
  text.use(name);
  form.settingsForm.dispatchEvent(new Event('change'));
  void start(true);
  location.hash = 'guesses';
}

/** Goes to a field of the workbench. */
function goTo(id: string, choice: string): void {
  text.use(choice);
  form.settingsForm.dispatchEvent(new Event('change'));
  location.hash = 'workbench';
  // After the heading, which gets the focus on arrival.
  setTimeout(() => byId(id, HTMLElement).focus());
}

const nowControls = new NowControls({
  form: form.settingsForm,
  set: (id, value) => form.set(id, value),
  value: valueOf,
  useText: (name) => {
    text.use(name);
    form.settingsForm.dispatchEvent(new Event('change'));
  },
  start: () => void start(true),
  write: () => {
    void takeSampling().then(async (right) => {
      if (right && session.facts) await session.client.service.sample();
    });
  },
  takeWildness: () => void takeSampling(),
  paste: () => goTo('pasted', PASTED),
  openFile: () => goTo('file', FILE),
});
leaveFirst = () => nowControls.leave();

/** Passes new sampling settings to the training. @returns whether they are valid */
async function takeSampling(): Promise<boolean> {
  const fault = await session.setSampling(form.sampling());
  if (fault) form.showFault(fault, false);
  else changed();
  return !fault;
}

/** Tells what keeps the run, once that is loaded, that its settings have changed. */
let keepChanged = (): void => undefined;

/** Address and storage follow changes during a run. */
function changed(): void {
  address.write();
  keepChanged();
}

new Files(
  session,
  async (checkpoint) => {
    const fault = await session.load(checkpoint, settings(), form.sampling());
    if (fault) return fault.message;
    if (session.facts) form.useFacts(session.facts);
    address.write();
    show(undefined);
    return undefined;
  },
  controls ? (files) => text.useFile(files) : undefined,
);

function on(id: string, type: string, work: () => unknown): void {
  byId(id, HTMLElement).addEventListener(type, (event) => {
    if (type === 'submit') event.preventDefault();
    void work();
  });
}

const tabNotes = new TabNotes(
  () => sessionStorage,
  () => localStorage,
);
// The first letters come before the training, which takes longer to prepare, and before what keeps it.
const resumes = tabNotes.toResume(location.search) !== undefined;
if (!resumes) {
  await now.open();
  await nextFrame();
}
const { Keeping } = await import('./keep/keeping.js');
const keeping = new Keeping(
  session,
  {
    settings,
    sampling: () => form.sampling(),
    fill: (chosen, sampling) => form.fill(chosen, sampling),
    writeAddress: () => address.write(),
  },
  tabNotes,
  (fault) => show(fault, false),
);
keepChanged = () => keeping.changed();
byId('start', HTMLButtonElement).disabled = false;
byId('checkpoint', HTMLInputElement).disabled = false;
const before = await keeping.resumeTab();
const starts = before === 'none' && address.asked.autostart && alone !== 'forgets' && !comesToCompare;
if (!starts && before !== 'resumed') session.line.set('paused', workbench.status.ready, false);
const refused = sentences(address.asked.refused);
if (comesToCompare) {
  pausedForIt = before === 'none'; // it begins when somebody goes on from there
  comparison.come();
}
if (resumes && before !== 'resumed') await now.open();
keeping.list();
if (starts) await start(true);
if (refused !== '' && !controls) session.line.addNotice(refused);
say(byId('form-error', HTMLElement), sentences([byId('form-error', HTMLElement).textContent, refused]));
