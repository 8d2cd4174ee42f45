// The list: the panel of filters opens and closes, ticked rows show what can be done with them.
(() => {
  'use strict'
  const { fill } = window.huiyin
  const panel = document.getElementById('filters')
  const opener = document.querySelector('[data-filters]')
  opener?.addEventListener('click', () => {
    panel.hidden = !panel.hidden
    opener.setAttribute('aria-expanded', String(!panel.hidden))
  })
  // asked for once; afterwards the button only opens and closes
  opener?.addEventListener('htmx:confirm', (event) => { if (panel.childElementCount) event.preventDefault() })

  const form = document.querySelector('form[data-bulk]')
  const bar = form?.querySelector('[data-bulk-bar]')
  if (!bar) return
  const ticks = () => [...form.querySelectorAll('input[name=case]')]
  const count = bar.querySelector('[data-bulk-count]')
  const to = bar.querySelector('[data-bulk-to]')
  function show () {
    const chosen = ticks().filter((one) => one.checked).length
    bar.hidden = chosen === 0
    // in a large company many can be given a case: who they are is asked for when it is needed
    if (chosen) window.htmx.trigger(to, 'wanted')
    count.textContent = fill(count.dataset.words, { count: chosen })
  }
  form.addEventListener('change', (event) => {
    if (event.target.matches('[data-all]')) ticks().forEach((one) => { one.checked = event.target.checked })
    show()
  })
  window.addEventListener('pageshow', show)
})()
