// Keyboard: every element with data-key="n" or a sequence data-key="g d" is pressed (or focused) by these keys.
(() => {
  'use strict'
  const { make, openDialog } = window.huiyin
  let waiting = ''
  let timer
  const typing = (node) => node.closest?.('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable="true"]')
  const shown = (node) => node.offsetParent !== null || node.getClientRects().length > 0
  const keyed = () => [...document.querySelectorAll('[data-key]')].filter((node) => !node.disabled && (shown(node) || node.closest('.rail')))
  const scope = () => { const open = [...document.querySelectorAll('dialog[open]')].pop(); return open ? keyed().filter((node) => open.contains(node)) : keyed() }
  function press (node) {
    if (node.matches('input:not([type=checkbox]):not([type=radio]), textarea, select')) { node.focus(); node.select?.() } else node.click()
  }

  function move (step) {
    const rows = [...document.querySelectorAll('tr[data-href], a.list-row, .list-row:has(> * .list-row-link), .list-row[data-href]')].filter(shown)
    if (!rows.length) return false
    const at = rows.findIndex((row) => row.classList.contains('is-picked'))
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))]
    rows[at]?.classList.remove('is-picked')
    next.classList.add('is-picked')
    next.scrollIntoView({ block: 'nearest' })
    return true
  }
  function enter () {
    const row = document.querySelector('tr.is-picked, .list-row.is-picked')
    if (!row) return false
    window.location.assign(row.dataset.href || row.href || row.querySelector('.list-row-link').href)
    return true
  }

  document.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if ((event.ctrlKey || event.metaKey) && key === 'k') { event.preventDefault(); document.getElementById('shell-search')?.select(); document.getElementById('shell-search')?.focus(); return }
    if ((event.ctrlKey || event.metaKey) && key === 'Enter') {
      const form = event.target.closest?.('form') || document.querySelector('form[data-main]')
      if (form) { event.preventDefault(); form.requestSubmit(form.querySelector('[data-submit]') || undefined) }
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (key === 'Escape' && event.target.id === 'shell-search') { event.target.blur(); return }
    if (event.target.id === 'shell-search' && key === 'ArrowDown') { document.querySelector('#shell-search-hits a')?.focus(); event.preventDefault(); return }
    if (event.target.closest?.('#shell-search-hits') && /^Arrow(Up|Down)$/.test(key)) {
      const hits = [...document.querySelectorAll('#shell-search-hits a')]
      const to = hits[hits.indexOf(event.target) + (key === 'ArrowDown' ? 1 : -1)] || document.getElementById('shell-search')
      to.focus()
      event.preventDefault()
      return
    }
    if (typing(event.target)) return
    if (!document.querySelector('dialog[open]')) {
      if (!waiting && (key === 'j' || key === 'k') && move(key === 'j' ? 1 : -1)) { event.preventDefault(); return }
      if (key === 'Enter' && event.target === document.body && enter()) { event.preventDefault(); return }
    }
    const tried = waiting ? `${waiting} ${key}` : key
    clearTimeout(timer)
    const found = scope().find((node) => node.dataset.key === tried)
    waiting = ''
    if (found) { event.preventDefault(); press(found); return }
    if (scope().some((node) => node.dataset.key.startsWith(`${tried} `))) { waiting = tried; timer = setTimeout(() => { waiting = '' }, 1200) }
  })

  // The list of keys writes itself from what the page has.
  const list = document.querySelector('[data-keys-list]')
  document.querySelector('[data-open="keys"]')?.addEventListener('click', () => {
    const known = new Set()
    list.replaceChildren()
    for (const node of keyed()) {
      const { key, keyLabel } = node.dataset
      if (!keyLabel || known.has(key)) continue
      known.add(key)
      const keys = make('dt')
      key.split(' ').forEach((one) => keys.append(make('kbd', '', one.toUpperCase()), ' '))
      list.append(keys, make('dd', '', keyLabel))
    }
    openDialog(document.getElementById('keys'))
  })
})()
