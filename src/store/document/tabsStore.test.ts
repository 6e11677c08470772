import { beforeEach, expect, test } from "vitest";
import { createDocumentStore } from "./documentStore";
import { createTabsStore, type TabChannel, type TabMessage } from "./tabsStore";

/** The listeners of all tabs. */
let ears: Set<(message: TabMessage) => void>;
beforeEach(() => void (ears = new Set()));

/** A tab: its messages reach all others at once. */
function openTab() {
  const documents = createDocumentStore();
  let own: ((message: TabMessage) => void) | undefined;
  const channel: TabChannel = {
    subscribe: (hear) => {
      own = hear;
      ears.add(hear);
    },
    post: (message) => {
      for (const hear of ears) if (hear !== own) hear(message);
    },
  };
  const tabs = createTabsStore(documents, channel);
  const show = (key: string) => {
    documents.getState().open({ title: "", cells: [] }, { kind: "own" }, key);
    tabs.getState().opened();
  };
  const seen = () => [tabs.getState().shared, tabs.getState().changed];
  return { tabs, show, seen };
}

test("two tabs with the same notebook know about each other, tabs with others do not", () => {
  const [first, second, third] = [openTab(), openTab(), openTab()];
  first.show("a");
  third.show("b");
  expect([first.seen(), third.seen()]).toEqual([
    [false, false],
    [false, false],
  ]);
  second.show("a");
  expect([first.seen(), second.seen(), third.seen()]).toEqual([
    [true, false],
    [true, false],
    [false, false],
  ]);
});

test("a save in one tab is reported in the other until it opens the notebook again", () => {
  const [first, second] = [openTab(), openTab()];
  first.show("a");
  second.show("a");
  first.tabs.getState().saved();
  expect([first.seen(), second.seen()]).toEqual([
    [true, false],
    [true, true],
  ]);
  second.show("a");
  expect(second.seen()).toEqual([true, false]);
});

test("a tab that leaves, or opens another notebook, is not counted; the others still are", () => {
  const [first, second, third] = [openTab(), openTab(), openTab()];
  for (const tab of [first, second, third]) tab.show("a");
  third.tabs.getState().leave();
  expect([first.seen()[0], second.seen()[0]]).toEqual([true, true]);
  second.show("b");
  expect([first.seen()[0], second.seen()[0]]).toEqual([false, false]);
});
