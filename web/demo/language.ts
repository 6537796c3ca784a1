// The page's own two languages, so that the widget's can be seen beside them.
if (/^zh\b/i.test(navigator.language)) {
  document.documentElement.lang = 'zh-CN';
  for (const element of document.querySelectorAll<HTMLElement>('[data-zh]')) {
    element.textContent = element.dataset.zh!;
  }
}
