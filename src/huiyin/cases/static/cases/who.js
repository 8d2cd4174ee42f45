// The one field that finds who is calling: a combobox over the lines the server sends. It tells the form by
// `who:picked` and `who:cleared`; what is picked means is the form's business.
(() => {
  'use strict'
  const { ready, each } = window.huiyin
  const WAIT = 120

  function combobox (input) {
    if (input.dataset.on) return
    input.dataset.on = 'yes'
    const list = document.getElementById(input.getAttribute('aria-controls'))
    let timer
    let shown = '' // the text whose lines are on the screen
    let wanted = '' // Enter was pressed for this text before its lines came
    let asked = 0
    const options = () => [...list.querySelectorAll('[role=option]')]
    const at = () => options().findIndex((one) => one.getAttribute('aria-selected') === 'true')

    function open (on) {
      list.hidden = !on
      input.setAttribute('aria-expanded', String(on))
      if (!on) input.removeAttribute('aria-activedescendant')
    }
    function mark (index) {
      const all = options()
      if (!all.length) return
      const to = (index + all.length) % all.length
      all.forEach((one, position) => one.setAttribute('aria-selected', String(position === to)))
      input.setAttribute('aria-activedescendant', all[to].id)
      all[to].scrollIntoView({ block: 'nearest' })
    }
    function pick (option) {
      open(false)
      wanted = ''
      clearTimeout(timer)
      input.value = option.dataset.title
      shown = input.value
      input.dispatchEvent(new CustomEvent('who:picked', { bubbles: true, detail: { ...option.dataset } }))
    }
    async function search () {
      const text = input.value.trim()
      if (!text) { open(false); shown = ''; return }
      const mine = ++asked
      let answer
      try {
        answer = await fetch(`${input.dataset.url}?q=${encodeURIComponent(text)}`, { headers: { 'HX-Request': 'true' } })
      } catch { return } // the banner says that the network is gone; what is typed stays
      if (mine !== asked || !answer.ok) return
      list.innerHTML = await answer.text()
      shown = text
      mark(0)
      if (wanted === text) pick(options()[0])
      else if (document.activeElement === input) open(options().length > 0)
    }

    input.addEventListener('input', () => {
      wanted = ''
      input.dispatchEvent(new CustomEvent('who:cleared', { bubbles: true }))
      clearTimeout(timer)
      timer = setTimeout(search, WAIT)
    })
    input.addEventListener('keydown', (event) => {
      if (event.isComposing) return
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        if (!list.hidden) mark(at() + (event.key === 'ArrowDown' ? 1 : -1))
        else if (input.value.trim()) search()
        event.preventDefault()
      } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
        event.preventDefault()
        const text = input.value.trim()
        if (!list.hidden && shown === text) pick(options()[Math.max(0, at())])
        else if (text && shown !== text) { wanted = text; clearTimeout(timer); search() }
        else input.dispatchEvent(new CustomEvent('who:done', { bubbles: true }))
      } else if (event.key === 'Escape' && !list.hidden) {
        open(false)
        event.stopPropagation()
      }
    })
    list.addEventListener('mousedown', (event) => event.preventDefault()) // the field keeps the focus
    list.addEventListener('click', (event) => { const option = event.target.closest('[role=option]'); if (option) pick(option) })
    input.addEventListener('blur', () => setTimeout(() => open(false), 150))
    input.settle = (text) => { input.value = text; shown = text }
  }

  ready((root) => each(root, 'input[role=combobox][data-url]', combobox))
})()
