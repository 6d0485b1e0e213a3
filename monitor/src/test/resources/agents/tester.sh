# Puts an agent through ocf-tester with the parameters of a subject: tester.sh AGENT
agent=$1
set -- -n r
while read -r parameter; do
    set -- "$@" -o "$parameter"
done <parameters
# told to be verbose, it does not wait for the end of whatever an agent leaves with its output
exec ocf-tester -v "$@" "$agent"
