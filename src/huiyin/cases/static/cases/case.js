// The page of a case: a step's form opens in place and takes the focus; files are sent as they are dropped.
(() => {
  'use strict'
  const { ready, each } = window.huiyin
  const phone = window.matchMedia('(max-width: 767.98px)')
  let opener = null

  document.addEventListener('click', (event) => {
    const step = event.target.closest('[data-step]')
    if (step) opener = step
    const cancel = event.target.closest('[data-step-cancel]')
    const panel = document.getElementById('step-panel')
    if (cancel && panel?.contains(cancel)) {
      event.preventDefault()
      panel.replaceChildren()
      if (opener?.isConnected) opener.focus()
    }
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return
    document.querySelector('#step-panel [data-step-cancel]')?.click()
  })

  // The first thing to fill in; on a phone without raising the keyboard over the form.
  function take (panel) {
    const form = panel.querySelector('form')
    if (!form) return
    panel.scrollIntoView({ block: phone.matches ? 'start' : 'nearest' })
    const wrong = form.querySelector('.is-invalid')
    const first = wrong || form.querySelector('input:not([type=hidden]):not([type=file]), select, textarea')
    if (first && !(phone.matches && first.matches('textarea, input:not([type=radio])'))) first.focus({ preventScroll: true })
  }
  document.body.addEventListener('htmx:afterSettle', ({ detail }) => { if (detail.target.id === 'step-panel') take(detail.target) })

  // After a step the next one is at hand: Enter takes it.
  document.body.addEventListener('htmx:afterSettle', ({ detail }) => {
    if (detail.target.id !== 'case' && detail.elt.id !== 'case') return
    if (!phone.matches) document.querySelector('#steps .btn-big')?.focus({ preventScroll: true })
  })

  // Dropped files go at once; without scripts there is a button.
  ready((root) => each(root, 'form[data-send-on-drop]', (form) => {
    form.querySelector('[data-send]').hidden = true
    form.addEventListener('drop:changed', ({ detail }) => { if (detail.length) form.requestSubmit() })
  }))

  // The follow-up screen: a figure chooses the outcome, wherever the focus is outside of a text.
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-5]$/.test(event.key)) return
    if (event.target.closest('input:not([type=radio]), textarea, select')) return
    const choice = document.querySelector(`[data-outcome-key="${event.key}"]`)
    if (!choice) return
    event.preventDefault()
    choice.checked = true
    choice.dispatchEvent(new Event('change', { bubbles: true }))
    choice.form.querySelector('textarea')?.focus()
  })
})()
