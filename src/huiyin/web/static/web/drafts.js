// Nothing typed is ever lost. <form data-draft-key="register"> keeps its texts on this device until they are
// stored; <form data-guard> only warns before leaving. Drafts belong to a person and are dropped after 7 days.
(() => {
  'use strict'
  const { texts, icon, make, ready } = window.huiyin
  const person = document.body.dataset.person
  const KEEP = 7 * 24 * 3600 * 1000
  const prefix = `huiyin.draft.${person}.`
  const skipped = 'input[type=hidden]:not([data-draft]), input[type=password], input[type=file], [data-no-draft]'
  const store = {
    get (key) { try { return JSON.parse(localStorage.getItem(prefix + key)) } catch { return null } },
    set (key, fields) { try { localStorage.setItem(prefix + key, JSON.stringify({ at: Date.now(), fields })) } catch { /* full or forbidden: the page works without */ } },
    drop (key) { try { localStorage.removeItem(prefix + key) } catch { /* as above */ } }
  }
  try {
    Object.keys(localStorage).filter((key) => key.startsWith('huiyin.draft.')).forEach((key) => {
      if (Date.now() - (JSON.parse(localStorage.getItem(key))?.at || 0) > KEEP) localStorage.removeItem(key)
    })
  } catch { /* no storage on this device */ }

  const fieldsOf = (form) => [...form.elements].filter((one) => one.name && one.name !== 'csrfmiddlewaretoken' && !one.matches(skipped) && !/^(submit|button|reset|image)$/.test(one.type))
  const isChanged = (one) => {
    if (one.matches('[type=checkbox], [type=radio]')) return one.checked !== one.defaultChecked
    if (one.matches('select')) return [...one.options].some((option) => option.selected !== option.defaultSelected) && one.selectedIndex > 0
    return one.value !== one.defaultValue
  }
  function read (form) {
    const values = {}
    for (const one of fieldsOf(form)) {
      if (one.matches('[type=checkbox], [type=radio]')) { if (one.checked) (values[one.name] ||= []).push(one.value) } else (values[one.name] ||= []).push(...(one.multiple ? [...one.selectedOptions].map((option) => option.value) : [one.value]))
    }
    return values
  }
  function write (form, values) {
    const used = {}
    for (const one of fieldsOf(form)) {
      const found = values[one.name]
      if (one.matches('[type=checkbox], [type=radio]')) one.checked = !!found?.includes(one.value)
      else if (found && one.multiple) [...one.options].forEach((option) => { option.selected = found.includes(option.value) })
      else if (found) { const at = used[one.name] || 0; used[one.name] = at + 1; if (found[at] !== undefined) one.value = found[at] }
    }
    form.dispatchEvent(new CustomEvent('draft:restored', { bubbles: true, detail: values }))
  }
  const hasWords = (form) => fieldsOf(form).some((one) => isChanged(one) && (one.type === 'checkbox' || one.type === 'radio' || one.value.trim()))

  function note (form, key) {
    const drop = make('button', 'btn btn-sm btn-plain', texts.discard)
    drop.type = 'button'
    const node = make('div', 'draft-note', icon('history'), make('span', '', texts.restored), drop)
    node.setAttribute('role', 'status')
    drop.addEventListener('click', () => {
      store.drop(key)
      form.reset()
      node.remove()
      form.dispatchEvent(new CustomEvent('draft:discarded', { bubbles: true }))
    })
    form.prepend(node)
  }

  function keep (form) {
    if (form.dataset.draftOn) return
    form.dataset.draftOn = 'yes'
    const key = form.dataset.draftKey
    const known = store.get(key)
    if (known && !hasWords(form)) {
      write(form, known.fields)
      if (hasWords(form)) note(form, key)
    }
    let timer
    const save = () => { clearTimeout(timer); if (hasWords(form)) store.set(key, read(form)); else store.drop(key) }
    form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(save, 250) })
    form.addEventListener('change', save)
    form.addEventListener('submit', save)
    window.addEventListener('pagehide', () => { if (form.isConnected && !form.dataset.draftDone) save() })
  }
  const forget = (keys) => String(keys || '').split(/\s+/).filter(Boolean).forEach((key) => {
    store.drop(key)
    document.querySelectorAll(`form[data-draft-key="${CSS.escape(key)}"]`).forEach((form) => { form.dataset.draftDone = 'yes' })
  })
  forget(document.body.dataset.draftsDone)
  document.body.addEventListener('draft-done', ({ detail }) => forget(detail.value ?? detail.key))
  ready((root) => window.huiyin.each(root, 'form[data-draft-key]', keep))

  // ---- leaving
  const guarded = () => [...document.querySelectorAll('form[data-guard]')].some((form) => !form.dataset.sent && !form.dataset.draftDone && hasWords(form))
  window.addEventListener('beforeunload', (event) => { if (guarded()) { event.preventDefault(); event.returnValue = texts.unsaved } })
  document.body.addEventListener('htmx:afterRequest', ({ detail }) => {
    if (detail.successful && detail.elt.matches('form[data-guard]')) detail.elt.dataset.draftDone = 'yes'
  })
})()
