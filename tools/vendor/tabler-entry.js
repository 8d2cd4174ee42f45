// The part of Tabler's JavaScript that pages use: menus, folding, tabs. Dialogs are native <dialog>.
import '@tabler/core/js/src/bootstrap/dropdown'
import '@tabler/core/js/src/bootstrap/collapse'
import '@tabler/core/js/src/bootstrap/tab'
