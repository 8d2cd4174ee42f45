// The desk keeps itself up to date once a minute: not while it is out of sight, and the focus stays where it is.
(() => {
  'use strict'
  const desk = document.getElementById('desk')
  if (!desk) return
  const EVERY = 60000
  let last = Date.now()
  async function refresh () {
    if (document.hidden || Date.now() - last < EVERY - 1000) return
    last = Date.now()
    let answer
    try {
      answer = await fetch(desk.dataset.url, { headers: { 'HX-Request': 'true' } })
    } catch { return } // the shell says that the network is gone
    if (!answer.ok || answer.headers.get('X-Huiyin-Page')) return
    const words = await answer.text()
    const focused = desk.contains(document.activeElement) ? document.activeElement.id : ''
    desk.innerHTML = words
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true })
    desk.dispatchEvent(new CustomEvent('desk:refreshed', { bubbles: true }))
  }
  setInterval(refresh, EVERY)
  document.addEventListener('visibilitychange', refresh)
})()
