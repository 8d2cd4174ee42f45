// The page's own mechanics: notices, dialogs, rows that open, copy, what happens when a request fails.
(() => {
  'use strict'
  const textsNode = document.getElementById('texts')
  const texts = textsNode ? JSON.parse(textsNode.textContent) : {}
  const icons = document.body.dataset.icons
  const icon = (name) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use')
    use.setAttribute('href', `${icons}#${name}`)
    svg.setAttribute('class', 'icon')
    svg.setAttribute('aria-hidden', 'true')
    svg.append(use)
    return svg
  }
  const make = (tag, css, ...children) => {
    const node = document.createElement(tag)
    if (css) node.className = css
    node.append(...children)
    return node
  }
  const each = (root, selector, action) => {
    if (root.matches?.(selector)) action(root)
    root.querySelectorAll(selector).forEach(action)
  }

  // ---- notices
  const ICONS = { error: 'alert-circle', warning: 'alert-triangle' }
  function notify (text, level = 'success') {
    const box = document.getElementById('notices')
    if (!box || !text) return
    if ([...box.querySelectorAll('.notice-text')].some((one) => one.textContent === text)) return
    const close = make('button', 'notice-close', icon('x'))
    close.type = 'button'
    close.dataset.dismiss = ''
    close.setAttribute('aria-label', texts.close)
    const node = make('div', `notice is-${level}`, icon(ICONS[level] || 'circle-check'), make('div', 'notice-text', text), close)
    if (ICONS[level]) node.setAttribute('role', 'alert')
    else node.dataset.fade = ''
    box.append(node)
    fade(box)
  }
  function fade (root) {
    each(root, '[data-fade]', (node) => {
      node.removeAttribute('data-fade')
      let timer = setTimeout(() => node.remove(), 8000)
      node.addEventListener('mouseenter', () => clearTimeout(timer))
      node.addEventListener('mouseleave', () => { timer = setTimeout(() => node.remove(), 3000) })
    })
  }

  // ---- dialogs: native <dialog>; data-open="id", data-close, or a response into #dialog-body
  function openDialog (dialog) {
    if (dialog && !dialog.open) dialog.showModal()
  }
  function ask (question, confirmText, danger) {
    return new Promise((resolve) => {
      const dialog = make('dialog', 'dialog dialog-narrow')
      const no = make('button', 'btn', texts.cancel)
      const yes = make('button', `btn ${danger ? 'btn-danger' : 'btn-primary'}`, confirmText || texts.confirm)
      no.type = yes.type = 'button'
      const words = make('p', 'm-0 pt-3', question)
      words.id = 'ask-words'
      dialog.setAttribute('aria-labelledby', words.id)
      dialog.append(make('div', 'dialog-body', words), make('div', 'dialog-foot', no, yes))
      document.body.append(dialog)
      no.addEventListener('click', () => dialog.close())
      yes.addEventListener('click', () => { dialog.returnValue = 'yes'; dialog.close('yes') })
      dialog.addEventListener('close', () => { resolve(dialog.returnValue === 'yes'); dialog.remove() })
      dialog.showModal()
      yes.focus()
    })
  }

  async function copy (text) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      const area = make('textarea', 'visually-hidden')
      area.value = text
      document.body.append(area)
      area.select()
      const done = document.execCommand('copy')
      area.remove()
      return done
    }
  }

  document.addEventListener('click', async (event) => {
    const at = (selector) => event.target.closest(selector)
    const opener = at('[data-open]')
    if (opener) openDialog(document.getElementById(opener.dataset.open))
    if (at('[data-close]')) at('dialog')?.close()
    if (at('[data-dismiss]')) at('.notice, [data-dismissable]')?.remove()
    if (event.target.matches('dialog')) { // the backdrop
      const box = event.target.getBoundingClientRect()
      const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom
      if (outside && !event.target.matches('[data-stay]')) event.target.close()
    }
    const copier = at('[data-copy]')
    if (copier) {
      const source = copier.dataset.copyFrom && document.querySelector(copier.dataset.copyFrom)
      const done = await copy(source ? (source.value ?? source.textContent).trim() : copier.dataset.copy)
      notify(done ? texts.copied : texts.copyFailed, done ? 'success' : 'warning')
    }
    if (at('[data-print]')) window.print()
    if (at('[data-back]')) { if (window.history.length > 1) window.history.back(); else window.location.assign('/') }
    const row = at('[data-href]')
    if (row && !event.target.closest('a, button, input, label, select, summary') && !String(window.getSelection())) {
      if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, '_blank', 'noopener')
      else window.location.assign(row.dataset.href)
    }
  })
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-submit-on-change]')) event.target.form.requestSubmit()
  })

  // ---- requests
  const body = document.body
  let running = 0
  const busy = (change) => {
    running = Math.max(0, running + change)
    body.classList.toggle('is-loading', running > 0)
  }
  body.append(make('div', 'loading-line'))
  const buttonOf = (detail) => detail.requestConfig?.triggeringEvent?.submitter || (detail.elt.matches?.('button') ? detail.elt : null)
  body.addEventListener('htmx:beforeRequest', ({ detail }) => {
    busy(1)
    buttonOf(detail)?.classList.add('is-busy')
    detail.elt.setAttribute('aria-busy', 'true')
  })
  body.addEventListener('htmx:afterRequest', ({ detail }) => {
    busy(-1)
    buttonOf(detail)?.classList.remove('is-busy')
    detail.elt.removeAttribute('aria-busy')
  })
  // A second click while a form is on its way is dropped, with htmx and without.
  body.addEventListener('htmx:confirm', (event) => {
    if (event.detail.elt.matches('form[aria-busy="true"]')) { event.preventDefault(); return }
    const question = event.detail.question
    if (!question) return
    event.preventDefault()
    const { confirmText, danger } = event.detail.elt.dataset
    ask(question, confirmText, danger !== undefined).then((yes) => yes && event.detail.issueRequest(true))
  })
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (form.hasAttribute('hx-post') || form.method === 'dialog' || event.defaultPrevented) return
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 8000 && form.method === 'post') { event.preventDefault(); return }
    if (form.dataset.confirm && !form.dataset.confirmed) {
      event.preventDefault()
      ask(form.dataset.confirm, form.dataset.confirmText, form.dataset.danger !== undefined).then((yes) => {
        if (!yes) return
        form.dataset.confirmed = 'yes'
        form.requestSubmit(event.submitter)
      })
      return
    }
    form.dataset.sent = Date.now()
    event.submitter?.classList.add('is-busy')
  })
  window.addEventListener('pageshow', () => {
    each(document, '[data-sent]', (form) => { delete form.dataset.sent })
    each(document, '.is-busy', (one) => one.classList.remove('is-busy'))
  })

  body.addEventListener('htmx:sendError', () => { notify(texts.sendError, 'error'); offline() })
  body.addEventListener('htmx:timeout', () => notify(texts.timeout, 'error'))
  body.addEventListener('htmx:beforeSwap', ({ detail }) => {
    // The server turns its errors into notices; what comes from elsewhere, as from a proxy, must not replace the page.
    const ours = [409, 422].includes(detail.xhr.status) || detail.xhr.getResponseHeader('HX-Retarget')
    if (detail.xhr.status < 400 || ours) return
    detail.shouldSwap = false
    notify(detail.xhr.status === 429 ? texts.tooMany : texts.serverError, 'error')
  })
  body.addEventListener('notice', ({ detail }) => (Array.isArray(detail.value ?? detail) ? (detail.value ?? detail) : [detail]).forEach((one) => notify(one.text, one.level)))
  body.addEventListener('close-dialog', () => document.querySelectorAll('dialog[open]').forEach((one) => one.close()))
  body.addEventListener('htmx:afterSwap', ({ detail }) => {
    if (detail.target.id === 'dialog-body') openDialog(document.getElementById('dialog'))
    fade(document)
  })
  body.addEventListener('htmx:afterSettle', ({ detail }) => {
    detail.target.querySelector?.('[autofocus], .is-invalid')?.focus()
  })

  // ---- the network
  const banner = document.getElementById('offline')
  const offline = () => { if (banner) banner.hidden = navigator.onLine }
  window.addEventListener('offline', offline)
  window.addEventListener('online', () => { offline(); notify(texts.online) })
  offline()
  fade(document)

  // Rooms hang their own behaviour here: huiyin.ready(root => …) runs for the page and for every swapped piece.
  const starters = []
  const start = (root) => starters.forEach((action) => action(root))
  window.huiyin = {
    texts, notify, ask, copy, icon, make, each, openDialog,
    fill: (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? ''),
    ready (action) { starters.push(action); action(document) }
  }
  body.addEventListener('htmx:load', ({ detail }) => { if (detail.elt !== body) start(detail.elt) })
})()
