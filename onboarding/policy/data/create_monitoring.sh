stop() {
  printf '\nStopped: %s\n' "$1" >&2
  exit 1
}

go_on() {
  stop "$1
What was created so far stays. Run this again: it goes on from here."
}

compact() { tr -d ' \t\r\n'; }

find_account() {
  account=$(aws sts get-caller-identity --query Account --output text --region "$region") ||
    stop 'AWS did not say which account this is. Sign in to AWS, then run this again.'
  case $account in
    "$astro_account") stop "This is Astro's own AWS account. Sign in to yours, then run this again." ;;
    *[!0123456789]* | '') stop 'AWS did not say which account this is. Nothing was changed.' ;;
  esac
}

# What the environment asks for: a log group's name, an address. Neither may hold anything else.
check_wishes() {
  case $log_group in
    *[!abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/.#-]*)
      stop 'LOG_GROUP is not the name of a log group. Put it right, then run this again.' ;;
  esac
  case $alarm_email in
    '' | *?@?*) ;;
    *) stop 'ALARM_EMAIL is not an e-mail address. Put it right, then run this again.' ;;
  esac
  case $alarm_email in
    -* | *[\ \"\'\$\`]*) stop 'ALARM_EMAIL is not an e-mail address. Put it right, then run this again.' ;;
  esac
}

# $1 error code that means "there is none"; then the call. Prints what AWS has.
# Any other error ends the script. What AWS says on the side is not taken for an answer.
look() {
  none=$1
  shift
  { problem=$(aws "$@" --region "$region" 2>&1 >&3 3>&-) && return 0; } 3>&1
  case $problem in
    *"($none)"*) return 0 ;;
  esac
  stop "AWS did not let us see what is there already. Nothing was changed. AWS said:
$problem"
}

# The CLI's words for nothing.
is_none() {
  case $1 in
    '' | None | null) return 0 ;;
  esac
  return 1
}

# $1 the thing, $2 what it says now, $3 what it ought to say.
must_equal() {
  [ "$(printf '%s' "$2" | compact)" = "$(printf '%s' "$3" | compact)" ] ||
    stop "The $1 exists already and is not as the alarm needs it.
Nothing was changed. If nobody uses it, delete it, then run this again.
If somebody does, ask Astronomer support."
}

# $1 the thing, $2 its step, $3 what is there, $4 what ought to be there (empty: anything).
plan() {
  if is_none "$3"; then
    missing="$missing$2 "
    printf '  create  %s\n' "$1"
    return 0
  fi
  [ -z "$4" ] || must_equal "$1" "$3" "$4"
  printf '  keep    %s\n' "$1"
}

# A filter on a log group that IAM's events never reach would be an alarm that never rings.
check_trail_of() {
  found=$(look none cloudtrail describe-trails --output text --query \
    "trailList[?IncludeGlobalServiceEvents && CloudWatchLogsLogGroupArn=='$(log_group_arn "$1")'] | [0].TrailARN") || exit 1
  ! is_none "$found" || stop "No trail of this account writes IAM's events to the log group $1 in $region.
Nothing was changed. Name the log group of a trail that includes global service events,
or leave LOG_GROUP away: a trail is then made."
  is_on=$(look none cloudtrail get-trail-status --name "$found" --query IsLogging --output text) || exit 1
  case $is_on in
    [Tt]rue) printf '  keep    trail %s\n' "${found##*/}" ;;
    *) stop "The trail ${found##*/} is switched off. Nothing was changed. Switch it on, then run this again." ;;
  esac
}

plan_trail() {
  found=$(look none logs describe-log-groups --log-group-name-prefix "$name" \
    --query "logGroups[?logGroupName=='$name'] | [0].logGroupName" --output text) || exit 1
  plan "log group $name" log_group "$found" ''
  found=$(look NoSuchEntity iam get-role --role-name "$log_role" \
    --query Role.AssumeRolePolicyDocument --output json) || exit 1
  plan "role $log_role" log_role "$found" "$(log_role_trust)"
  found=$(look NoSuchEntity iam get-role-policy --role-name "$log_role" --policy-name "$log_role_policy_name" \
    --query PolicyDocument --output json) || exit 1
  plan "policy $log_role_policy_name of that role" log_role_policy "$found" "$(log_role_policy)"
  found=$(look none cloudtrail describe-trails --trail-name-list "$name" --output json --query \
    'trailList[0] && [trailList[0].HomeRegion, trailList[0].IncludeGlobalServiceEvents, trailList[0].CloudWatchLogsLogGroupArn, trailList[0].CloudWatchLogsRoleArn]') || exit 1
  if is_none "$found"; then plan_bucket; fi
  plan "trail $name" trail "$found" "$(trail_wanted)"
  found=$(look TrailNotFoundException cloudtrail get-trail-status --name "$name" \
    --query IsLogging --output text) || exit 1
  case $found in [Ff]alse) found='' ;; esac
  plan "recording of the trail $name" recording "$found" ''
}

plan_bucket() {
  there=$(look NoSuchBucket s3api get-bucket-location --bucket "$bucket" \
    --expected-bucket-owner "$account" --output json) || exit 1
  plan "bucket $bucket" bucket "$there" ''
  is_none "$there" || there=$(look NoSuchBucketPolicy s3api get-bucket-policy --bucket "$bucket" \
    --expected-bucket-owner "$account" --query Policy --output text) || exit 1
  plan "policy of the bucket $bucket" bucket_policy "$there" "$(bucket_policy)"
}

plan_watching() {
  found=$(look NotFound sns get-topic-attributes --topic-arn "$topic" \
    --query Attributes.TopicArn --output text) || exit 1
  plan "topic $name" topic "$found" ''
  if [ -n "$alarm_email" ]; then
    found=$(look NotFound sns list-subscriptions-by-topic --topic-arn "$topic" --output text \
      --query "Subscriptions[?Protocol=='email'].Endpoint") || exit 1
    case " $(printf '%s' "$found" | tr '\t\n' '  ') " in
      *" $alarm_email "*) found=$alarm_email ;;
      *) found='' ;;
    esac
    plan "subscription of $alarm_email" subscription "$found" ''
  fi
  found=$(look ResourceNotFoundException logs describe-metric-filters --log-group-name "$log_group" \
    --filter-name-prefix "$name" --output text \
    --query "metricFilters[?filterName=='$name'] | [0].filterPattern") || exit 1
  plan "metric filter $name" filter "$found" "$(filter_pattern)"
  found=$(look none cloudwatch describe-alarms --alarm-names "$name" --output json --query \
    'MetricAlarms[0] && [MetricAlarms[0].Namespace, MetricAlarms[0].MetricName, MetricAlarms[0].Statistic, to_string(MetricAlarms[0].Period), MetricAlarms[0].ComparisonOperator, MetricAlarms[0].TreatMissingData, MetricAlarms[0].AlarmActions[0]]') || exit 1
  plan "alarm $name" alarm "$found" "$(alarm_wanted)"
}

# $1 the step; then the call that takes it, when it is missing.
take() {
  step=$1
  shift
  case $missing in
    *" $step "*) ;;
    *) return 0 ;;
  esac
  aws "$@" --region "$region" --output text >/dev/null || go_on "AWS did not create it: aws $1 $2."
}

# CloudTrail learns of a new role and bucket within seconds, seldom a minute.
create_trail() {
  tries=0
  until answer=$(aws cloudtrail create-trail --name "$name" --s3-bucket-name "$bucket" \
    --include-global-service-events --no-is-multi-region-trail --enable-log-file-validation \
    --cloud-watch-logs-log-group-arn "$(log_group_arn "$name")" \
    --cloud-watch-logs-role-arn "arn:aws:iam::$account:role/$log_role" \
    --tags-list "$tag_1" "$tag_2" --region "$region" --output text 2>&1); do
    tries=$((tries + 1))
    case $answer in
      *InvalidCloudWatchLogsRoleArn* | *InsufficientS3BucketPolicy* | *CloudWatchLogsDeliveryUnavailable*) ;;
      *) tries=99 ;;
    esac
    [ "$tries" -lt 20 ] || go_on "AWS did not create the trail. It said:
$answer"
    sleep 3
  done
  aws cloudtrail put-event-selectors --trail-name "$name" --event-selectors "$event_selectors" \
    --region "$region" --output text >/dev/null || go_on 'AWS did not limit the trail to changes.'
}

create_all() {
  take log_group logs create-log-group --log-group-name "$log_group" --tags "$tag_map"
  take log_group logs put-retention-policy --log-group-name "$log_group" --retention-in-days "$retention_days"
  take log_role iam create-role --role-name "$log_role" \
    --assume-role-policy-document "$(log_role_trust)" --tags "$tag_1" "$tag_2"
  take log_role_policy iam put-role-policy --role-name "$log_role" \
    --policy-name "$log_role_policy_name" --policy-document "$(log_role_policy)"
  take bucket s3api create-bucket --bucket "$bucket" --object-ownership BucketOwnerEnforced
  take bucket s3api put-public-access-block --bucket "$bucket" --expected-bucket-owner "$account" \
    --public-access-block-configuration "$block_public"
  take bucket s3api put-bucket-encryption --bucket "$bucket" --expected-bucket-owner "$account" \
    --server-side-encryption-configuration "$encryption"
  take bucket_policy s3api put-bucket-policy --bucket "$bucket" --expected-bucket-owner "$account" \
    --policy "$(bucket_policy)"
  case $missing in *' trail '*) create_trail ;; esac
  take recording cloudtrail start-logging --name "$name"
  take topic sns create-topic --name "$name" --tags "$tag_1" "$tag_2"
  take subscription sns subscribe --topic-arn "$topic" --protocol email --notification-endpoint "$alarm_email"
  take filter logs put-metric-filter --log-group-name "$log_group" --filter-name "$name" \
    --filter-pattern "$(filter_pattern)" --metric-transformations "$transformations"
  take alarm cloudwatch put-metric-alarm --cli-input-json "$(alarm_input)" --tags "$tag_1" "$tag_2"
}

command -v aws >/dev/null ||
  stop 'The AWS CLI is not installed here. AWS CloudShell has it ready.'
log_group=${LOG_GROUP:-}
alarm_email=${ALARM_EMAIL:-}
check_wishes
find_account
topic="arn:aws:sns:$region:$account:$name"
bucket="$name-$account"

printf 'An alarm on changes of the role %s\n' "$role_name"
printf 'In the AWS account %s, Region %s, this will\n' "$account" "$region"
missing=' '
if [ -n "$log_group" ]; then
  check_trail_of "$log_group"
else
  log_group=$name
  plan_trail
fi
plan_watching
printf '\n'

create_all

printf 'Done. Changes of the role now raise the alarm %s.\n' "$name"
if [ -n "$alarm_email" ]; then
  printf 'AWS has sent a message to %s: choose the link in it, or nothing arrives later.\n' "$alarm_email"
else
  printf 'To be told by e-mail, subscribe to the topic %s in Amazon SNS.\n' "$name"
fi
