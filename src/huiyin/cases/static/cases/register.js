// The register page: who, kind, words, what the words suggest, files at once, nothing lost.
(() => {
  'use strict'
  const { notify, texts } = window.huiyin
  const form = document.getElementById('register')
  if (!form) return
  const field = (name) => form.elements.namedItem(name)
  const who = field('who')
  const words = field('text')
  const token = () => field('csrfmiddlewaretoken').value
  const fire = (name) => form.dispatchEvent(new CustomEvent(name, { bubbles: true }))
  const csrf = { 'X-CSRFToken': token(), 'HX-Request': 'true' }

  // ---- the draft's key: two windows at once are two calls, and must not write into one another
  const LIVE = 'huiyin.register.live'
  const tab = (() => { try { return (sessionStorage.tab ||= String(Math.random())) } catch { return '' } })()
  const beat = () => { try { localStorage.setItem(LIVE, JSON.stringify({ tab, at: Date.now() })) } catch { /* no storage: nothing to keep apart */ } }
  function otherWindow () {
    try {
      const live = JSON.parse(localStorage.getItem(LIVE))
      return live && live.tab !== tab && Date.now() - live.at < 4000
    } catch { return false }
  }
  const key = form.dataset.ownKey || (otherWindow() ? `register.${form.dataset.uuid}` : 'register')
  if (key === 'register') { beat(); setInterval(beat, 1500) }
  form.dataset.draftKey = key
  field('draft_key').value = key

  // ---- who was picked
  const PICKED = ['household', 'place', 'equipment', 'customer', 'who_title']
  const set = (values) => PICKED.forEach((name) => { field(name).value = values[name] || '' })
  const person = document.getElementById('person')
  const card = document.getElementById('card')
  const cardEmpty = card.innerHTML
  const clear = form.querySelector('.who-clear')

  function subject () {
    const query = new URLSearchParams()
    for (const name of ['household', 'place', 'equipment', 'customer']) if (field(name).value) query.set(name, field(name).value)
    return query
  }
  async function show () {
    const query = subject()
    const known = [...query].length > 0
    clear.hidden = !known && !who.value
    form.classList.toggle('has-subject', known)
    if (!known) { person.replaceChildren(); card.innerHTML = cardEmpty; return }
    showCard()
    try {
      const answer = await fetch(`${form.dataset.personUrl}?${query}`, { headers: csrf })
      if (!answer.ok) return
      person.innerHTML = await answer.text()
    } catch { return }
    const first = person.querySelector('[name=customer_choice]:checked')
    if (first && !field('customer').value) field('customer').value = first.value
    const names = person.querySelector('template[data-names]')
    if (names) document.getElementById('reporters').innerHTML = names.innerHTML
  }
  function showCard () {
    window.htmx.ajax('GET', cardUrl(), { target: '#card', swap: 'innerHTML' })
  }
  function cardUrl () {
    const query = subject()
    if (query.has('equipment')) query.set('place', query.get('equipment'))
    return `${form.dataset.cardUrl}?${query}`
  }
  const kindNow = () => form.querySelector('[name=kind]:checked')
  const toKind = () => (kindNow() || form.querySelector('[name=kind]'))?.focus()

  form.addEventListener('who:picked', ({ detail }) => {
    if (detail.unknown !== undefined) {
      set({})
      const isPhone = /^[\d\s+()-]{5,}$/.test(detail.unknown)
      field(isPhone ? 'reporter_phone' : 'reporter').value = detail.unknown
      field(isPhone ? 'reporter' : 'reporter_phone').focus()
    } else {
      set({ ...detail, who_title: detail.title })
      toKind()
    }
    show().then(() => fire('picked'))
    fire('change')
  })
  form.addEventListener('who:cleared', () => { if (PICKED.some((name) => field(name).value)) { set({}); show().then(() => fire('picked')) } })
  form.addEventListener('who:done', toKind)
  clear.addEventListener('click', () => { who.value = ''; set({}); show().then(() => fire('picked')); who.focus() })
  person.addEventListener('change', (event) => { if (event.target.name === 'customer_choice') field('customer').value = event.target.value })

  // ---- what the procedure wants to know of this kind, and of no other
  function asked () {
    const kind = kindNow()?.value
    for (const one of form.querySelectorAll('[data-kinds]')) one.hidden = Boolean(one.dataset.kinds) && !one.dataset.kinds.split(' ').includes(kind)
  }

  // ---- keys: a number chooses the kind and goes on to the words; Enter goes on; Ctrl+Enter (the shell) registers
  form.addEventListener('change', (event) => { if (event.target.name === 'kind') { asked(); propose() } })
  let byKey = false
  document.addEventListener('keydown', (event) => {
    byKey = /^[0-9]$/.test(event.key)
    if (event.altKey && /^Digit[0-9]$/.test(event.code)) {
      const found = document.querySelector(`#register [data-key="${event.code[5]}"], #card [data-key="${event.code[5]}"]`)
      if (found) { event.preventDefault(); found.click() }
    }
  }, true)
  form.addEventListener('click', (event) => { if (event.target.name === 'kind' && byKey && event.detail === 0) { byKey = false; words.focus() } })
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || event.ctrlKey || event.metaKey) return
    if (event.target.matches('textarea, button, a, summary, [role=combobox]')) return
    event.preventDefault() // a form of one page must not be sent by one Enter too many
    if (event.target.name === 'kind') words.focus()
  })

  // ---- what the words suggest
  const lists = JSON.parse(document.getElementById('register-words').textContent)
  const category = field('category')
  const proposals = document.getElementById('category-proposals')
  const emergency = document.getElementById('emergency')
  let chosen = category.value !== ''
  let urgentChosen = false
  const fold = (text) => text.normalize('NFKC').toLowerCase()
  const labelOf = (code) => [...category.options].find((one) => one.value === code)?.textContent.trim() || code
  let ours = false // while the page itself changes a field: that is no choice of the person
  category.addEventListener('change', () => { if (!ours) { chosen = category.value !== ''; propose() } })
  field('urgency').addEventListener('change', () => { if (!ours) urgentChosen = true })

  function likely (text) {
    const kind = kindNow()?.value
    return lists.categories
      .filter((one) => !one.kinds.length || one.kinds.includes(kind))
      .map((one) => ({ code: one.code, hits: one.words.filter((word) => text.includes(word)) }))
      .filter((one) => one.hits.length)
      .sort((a, b) => b.hits.length - a.hits.length || Math.max(...b.hits.map((w) => w.length)) - Math.max(...a.hits.map((w) => w.length)))
      .slice(0, 3).map((one) => one.code)
  }
  function change (input, apply) {
    ours = true
    apply(input)
    input.dispatchEvent(new Event('change', { bubbles: true }))
    ours = false
  }
  function propose () {
    const text = fold(words.value)
    const codes = likely(text)
    if (!chosen && category.value !== (codes[0] || '')) change(category, (one) => { one.value = codes[0] || '' })
    proposals.replaceChildren(...codes.filter((code) => code !== category.value).map((code) => {
      const chip = document.createElement('button')
      chip.type = 'button'
      chip.className = 'chip'
      chip.textContent = labelOf(code)
      chip.addEventListener('click', () => { chosen = true; change(category, (one) => { one.value = code }); propose() })
      return chip
    }))
    const danger = lists.emergencies.find((one) => (!one.kinds.length || one.kinds.includes(kindNow()?.value)) && one.words.some((word) => text.includes(word)))
    emergency.hidden = !danger
    if (danger) {
      emergency.querySelector('.notice-text').textContent = danger.advice
      if (!urgentChosen && !field('urgency').checked) change(field('urgency'), (one) => { one.checked = true })
    }
  }
  let typing
  words.addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(propose, 200) })

  // ---- a message pasted from the owners' group
  form.addEventListener('paste', async (event) => {
    if (event.clipboardData?.files.length || !event.target.matches('#who, #text')) return
    const message = event.clipboardData.getData('text')
    if (message.length < 4 || (event.target === words && words.value.trim())) return
    let found
    try {
      const answer = await fetch(form.dataset.pasteUrl, { method: 'POST', headers: csrf, body: new URLSearchParams({ message }) })
      found = answer.ok ? await answer.json() : {}
    } catch { return }
    if (!found.message) return
    words.value = found.text || words.value
    words.dispatchEvent(new Event('input', { bubbles: true }))
    const channel = field('channel')
    if ([...channel.options].some((one) => one.value === form.dataset.chatChannel)) change(channel, (one) => { one.value = form.dataset.chatChannel })
    if (found.household) {
      who.settle(found.title)
      set({ household: found.household, place: found.place, who_title: found.title })
      if (found.name) field('reporter').value = found.name
      await show()
      fire('picked')
      fire('change')
      words.focus()
    } else if (found.room) {
      field('reporter').value = found.name
      who.value = found.room
      who.focus()
      who.dispatchEvent(new Event('input', { bubbles: true }))
    } else field('reporter').value = found.name
  })

  // ---- files: kept by the server at once; where that fails they stay in the field and go with the form
  const kept = document.getElementById('draft-files')
  form.addEventListener('drop:changed', async (event) => {
    const files = event.detail
    if (!files.length) return
    const body = new FormData()
    files.forEach((file) => body.append('files', file))
    try {
      const answer = await fetch(form.dataset.filesUrl, { method: 'POST', headers: csrf, body })
      if (!answer.ok) return
      kept.innerHTML = await answer.text()
      window.htmx.process(kept)
      files.splice(0)
      event.target.addFiles([])
    } catch { notify(texts.sendError, 'warning') }
  })

  // ---- the same draft on the server, for another device
  let saving
  let saved = ''
  function save () {
    if (form.dataset.draftDone || !words.value.trim()) return
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === 'string'))
    if (body.toString() === saved) return
    saved = body.toString()
    fetch(form.dataset.draftUrl, { method: 'POST', headers: csrf, body, keepalive: true }).catch(() => { saved = '' })
  }
  for (const name of ['input', 'change']) form.addEventListener(name, () => { clearTimeout(saving); saving = setTimeout(save, 1500) })

  form.addEventListener('draft:restored', () => {
    form.dataset.uuid = field('uuid').value
    for (const name of ['draftUrl', 'filesUrl']) form.dataset[name] = form.dataset[name].replace(/[0-9a-f-]{36}/, field('uuid').value)
    document.querySelector(`#unfinished [data-uuid="${field('uuid').value}"]`)?.remove()
    if (!document.querySelector('#unfinished li')) document.getElementById('unfinished')?.remove()
    chosen = category.value !== ''
    asked()
    show().then(() => fire('picked'))
    propose()
    fetch(form.dataset.filesUrl, { method: 'POST', headers: csrf }).then((answer) => (answer.ok ? answer.text() : '')).then((html) => { kept.innerHTML = html; window.htmx.process(kept) }).catch(() => {})
  })
  form.addEventListener('draft:discarded', () => window.location.assign(form.action))
  form.addEventListener('submit', () => clearTimeout(saving))
  // the words went with the chase; whoever goes on typing has a new draft
  document.body.addEventListener('chased', () => {
    clearTimeout(saving)
    words.value = ''
    propose()
    document.body.dispatchEvent(new CustomEvent('draft-done', { detail: { key } }))
  })
  form.addEventListener('input', () => { delete form.dataset.draftDone })
  form.addEventListener('htmx:afterRequest', ({ detail }) => {
    if (detail.elt !== form || detail.successful) return
    const names = form.querySelector('#register-problem [data-fields]')?.dataset.fields.trim().split(/\s+/) || []
    const first = names.map((name) => field(name)).find((one) => one?.focus && one.type !== 'hidden')
    if (first) { first.closest('details')?.setAttribute('open', ''); first.focus() }
  })

  // the shell's drafts keep this form from here on
  document.body.dispatchEvent(new CustomEvent('htmx:load', { detail: { elt: form } }))
  if (PICKED.some((name) => field(name).value)) show().then(() => fire('picked'))
  asked()
  propose()
})()
