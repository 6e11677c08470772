import { Copy, Cpu, FileClock, Save, ShieldCheck, TriangleAlert, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useStore } from "zustand";
import { localeOf, type Language } from "../../i18n/language";
import { autosave, documentStore, libraryStore, runStore, sessionStore, tabsStore } from "../../store/stores";
import { useLanguage, useTexts } from "../Texts";
import { Button, IconButton } from "../widgets/controls/Button";
import styles from "./Banners.module.css";

/** What a reader has to know before the first cell: whose code it is, what could not be opened, what is offered. */
export function Banners() {
  return (
    <div className={styles.banners}>
      <SessionBanner />
      <GpuBanner />
      <ProblemBanner />
      <ForeignBanner />
      <OfferBanner />
      <KeepBanner />
      <TabsBanner />
    </div>
  );
}

interface BannerProps {
  look: "notice" | "warning" | "error";
  icon: ReactNode;
  children: ReactNode;
  action?: ReactNode;
  onDismiss?: () => void;
}

function Banner({ look, icon, children, action, onDismiss }: BannerProps) {
  const texts = useTexts().library;
  return (
    <section className={styles.banner} data-look={look} role={look === "notice" ? "status" : "alert"}>
      {icon}
      <div className={styles.text}>{children}</div>
      {action}
      {onDismiss && (
        <IconButton label={texts.dismiss} small onPress={onDismiss}>
          <X />
        </IconButton>
      )}
    </section>
  );
}

function SessionBanner() {
  const texts = useTexts().app;
  const failed = useStore(sessionStore, ({ status }) => status === "failed");
  if (!failed) return null;
  return (
    <Banner
      look="error"
      icon={<TriangleAlert aria-hidden="true" />}
      action={
        <Button small onPress={() => void runStore.getState().restart()}>
          {texts.sessionAgain}
        </Button>
      }
    >
      {texts.sessionFailed}
    </Banner>
  );
}

/** Everything works without a GPU, but the user should know why it is slower. */
function GpuBanner() {
  const texts = useTexts().devices;
  const gpu = useStore(sessionStore, (state) => state.gpu);
  const [read, setRead] = useState(false);
  if (read || gpu === null || gpu === "ready") return null;
  return (
    <Banner look="notice" icon={<Cpu aria-hidden="true" />} onDismiss={() => setRead(true)}>
      <strong>{texts.states[gpu]}</strong> {texts.remedies[gpu]}
    </Banner>
  );
}

function ProblemBanner() {
  const texts = useTexts();
  const language = useLanguage();
  const problem = useStore(libraryStore, (state) => state.problem);
  if (!problem) return null;
  return (
    <Banner
      look="error"
      icon={<TriangleAlert aria-hidden="true" />}
      onDismiss={() => libraryStore.getState().dismiss("problem")}
    >
      {problem(texts, language)}
    </Banner>
  );
}

function ForeignBanner() {
  const texts = useTexts().library;
  const foreign = useStore(libraryStore, (state) => state.foreign);
  const origin = useStore(documentStore, (state) => state.origin);
  const ran = useStore(
    runStore,
    ({ runs, queue }) => queue.length > 0 || Object.values(runs).some(({ run }) => run > 0),
  );
  if (!foreign || ran) return null;
  return (
    <Banner
      look="warning"
      icon={<ShieldCheck aria-hidden="true" />}
      onDismiss={() => libraryStore.getState().dismiss("foreign")}
    >
      <strong>{origin.kind === "file" ? texts.foreignFile(origin.name) : texts.foreignLink}</strong> {texts.foreignHelp}
    </Banner>
  );
}

function OfferBanner() {
  const texts = useTexts().library;
  const language = useLanguage();
  const offer = useStore(libraryStore, (state) => state.offer);
  if (!offer) return null;
  const when = formatWhen(offer.modified, language);
  return (
    <Banner
      look="notice"
      icon={<FileClock aria-hidden="true" />}
      action={
        <Button small onPress={() => void libraryStore.getState().openOwn(offer.key)}>
          {texts.openOffer}
        </Button>
      }
      onDismiss={() => libraryStore.getState().dismiss("offer")}
    >
      {offer.why === "copy" ? texts.offerCopy(when) : texts.offerRecovered(offer.title || texts.untitled, when)}
    </Banner>
  );
}

/** A notebook from a link is not stored until it is edited: closing the page would leave only the link. */
function KeepBanner() {
  const texts = useTexts().library;
  const { key, origin } = useStore(documentStore);
  const kept = useStore(libraryStore, ({ own, offer }) => offer !== null || own.some((one) => one.key === key));
  const [read, setRead] = useState("");
  if (origin.kind !== "link" || kept || read === key) return null;
  return (
    <Banner
      look="notice"
      icon={<Save aria-hidden="true" />}
      action={
        <Button small onPress={() => autosave.keep()}>
          {texts.keep}
        </Button>
      }
      onDismiss={() => setRead(key)}
    >
      {texts.notKept}
    </Banner>
  );
}

/** The same notebook in two tabs: each saves all of it and overwrites what the other saved. */
function TabsBanner() {
  const texts = useTexts().library;
  const key = useStore(documentStore, (state) => state.key);
  const { shared, changed } = useStore(tabsStore);
  if (!shared && !changed) return null;
  const reload = (
    <Button small onPress={() => void libraryStore.getState().openOwn(key)}>
      {texts.showOther}
    </Button>
  );
  return (
    <Banner look="warning" icon={<Copy aria-hidden="true" />} action={changed && reload}>
      {changed ? texts.changedElsewhere : texts.openElsewhere}
    </Banner>
  );
}

/** A moment in short form: the time today, otherwise the date. */
export function formatWhen(time: number, language: Language): string {
  const today = new Date(time).toDateString() === new Date().toDateString();
  const style = today ? ({ timeStyle: "short" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(localeOf(language), style).format(time);
}
