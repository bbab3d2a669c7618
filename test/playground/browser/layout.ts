import type { Page } from 'playwright-core';

/** What does not fit on the page as it stands: too wide, cut, broken in the middle of a word, or covered. */
export async function layoutFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(findFaults);
}

/** Runs in the page. */
function findFaults(): string[] {
  const dialogs = [...document.querySelectorAll('dialog[open]')];
  const top = dialogs.at(-1) ?? document.body;
  const faults: string[] = [];
  const tell = (what: string, element: Element) => {
    const text = element.textContent.trim().slice(0, 60);
    faults.push(`${what}: <${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${text}`);
  };
  if (document.documentElement.scrollWidth > innerWidth) tell('the page scrolls sideways', document.body);

  const style = (element: Element) => getComputedStyle(element);
  const isReadOutOnly = (element: Element | null): boolean =>
    element instanceof HTMLElement &&
    (style(element).clipPath === 'inset(50%)' || isReadOutOnly(element.parentElement));
  const isShown = (element: Element) =>
    element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !isReadOutOnly(element);

  for (const element of top.querySelectorAll<HTMLElement>('*')) {
    if (!isShown(element)) continue;
    const { overflowX, overflowY, textOverflow } = style(element);
    const isTooWide = element.scrollWidth > element.clientWidth + 1;
    const isTooHigh = element.scrollHeight > element.clientHeight + 1;
    // A strip of files scrolls sideways, as people know it.
    if (isTooWide && /auto|scroll/u.test(overflowX) && !element.matches('.file-strip, pre, pre *')) {
      tell('scrolls sideways', element);
    }
    // What is longer than the field that it is typed into moves along with the caret.
    const isTyped = element instanceof HTMLInputElement;
    if (isTooWide && !isTyped && /hidden|clip/u.test(overflowX) && textOverflow !== 'ellipsis') {
      tell('is cut at its side', element);
    }
    if (isTooHigh && /hidden|clip/u.test(overflowY) && element.clientHeight > 0 && textOverflow !== 'ellipsis') {
      tell('is cut below', element);
    }
    if (element instanceof HTMLTextAreaElement && element.value === '' && isTooHigh) tell('is cut', element);
  }

  /** What of a box can be seen: within all that scrolls or clips around it, and within the window. */
  const seen = (element: Element, box: DOMRect) => {
    let [left, upper, right, lower] = [box.left, box.top, box.right, box.bottom];
    for (let around: Element | null = element; around && around !== document.body; around = around.parentElement) {
      if (style(around).overflowY === 'visible') continue;
      const outer = around.getBoundingClientRect();
      left = Math.max(left, outer.left);
      right = Math.min(right, outer.right);
      upper = Math.max(upper, outer.top);
      lower = Math.min(lower, outer.bottom);
    }
    return { left, right, top: Math.max(upper, 0), bottom: Math.min(lower, innerHeight) };
  };
  const isCovered = (element: Element, box: DOMRect) => {
    const { left, right, top: upper, bottom: lower } = seen(element, box);
    if (right - left < 4 || lower - upper < 4) return false;
    const there = document.elementFromPoint((left + right) / 2, (upper + lower) / 2);
    if (!there || element.contains(there) || there.contains(element)) return false;
    // These float above the page, and go again.
    if (there.closest('[role=menu], [role=listbox], .notices, .to-end, .message-tools')) return false;
    // The label of a hidden input is what one sees and presses.
    return there.closest('label') !== element.closest('label') || element.closest('label') === null;
  };

  for (const element of top.querySelectorAll('button, a, input, select, textarea, summary, [role=switch], img')) {
    if (!isShown(element)) continue;
    const box = element.getBoundingClientRect();
    if (isCovered(element, box)) tell('is covered', element);
    const isInStrip = element.closest('.file-strip') !== null;
    if (!isInStrip && (box.left < -1 || box.right > innerWidth + 1)) tell('stands out of the window', element);
  }

  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || !isShown(parent) || parent.closest('option, noscript, script')) continue;
    for (const word of (node.textContent ?? '').matchAll(/(?<=^|\s)\p{L}{2,20}(?=$|[\s.,:;!?])/gu)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const boxes = [...range.getClientRects()];
      if (new Set(boxes.map((box) => Math.round(box.top))).size > 1) tell(`breaks “${word[0]}” apart`, parent);
      if (boxes[0] && isCovered(parent, boxes[0])) tell('has words that are covered', parent);
    }
  }
  return [...new Set(faults)];
}
