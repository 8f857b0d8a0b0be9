# Types "$2" and a tab at an interactive zsh, and prints the candidates.
# $1: the completions' directory. zsh completes only while somebody types, so this needs a terminal of its own.
zmodload zsh/zpty
cat >setup <<'SETUP'
fpath=($COMPLETIONS $fpath)
autoload -U compinit
compinit -u -d $PWD/compdump
# What is to be stored in an array (-O, -A, -D) isn't shown.
compadd() {
    typeset -a shown
    if [[ ${@[1,(i)(-|--)]} != *-[OAD]\ * ]]; then
        builtin compadd -A shown "$@"
        print -rl -- $shown >>candidates
    fi
    builtin compadd "$@"
}
completed() { print -n DONE }
comppostfuncs=(completed)
zle-line-init() { print -n READY }
zle -N zle-line-init
SETUP
: >candidates
zpty shell COMPLETIONS=${(q)1} zsh -f -i
zpty -w shell 'source ./setup'
zpty -r shell output '*READY' || exit 1
zpty -w -n shell "$2"$'\t'
zpty -r shell output '*DONE' || exit 1
cat candidates
