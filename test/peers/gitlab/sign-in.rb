# frozen_string_literal: true

# GitLab's OpenID Connect client with the settings of a gitlab.rb, in an app of one page: ruby sign-in.rb PORT GITLAB_RB
require 'json'
require 'rack'
require 'rack/handler/webrick'
require 'omniauth'
require 'omniauth_openid_connect'

port, file = ARGV
gitlab_rails = {}
binding.eval(File.read(file), file)
provider = gitlab_rails.fetch('omniauth_providers').first

# GitLab is on https, and so is what it asks; here all is on one machine.
SWD.url_builder = URI::HTTP
# GitLab's own places; its button posts a form, which is not what is tried here.
OmniAuth.config.path_prefix = '/users/auth'
OmniAuth.config.allowed_request_methods = [:get]
OmniAuth.config.silence_get_warning = true
OmniAuth.config.logger = Logger.new($stderr)
OmniAuth.config.on_failure = lambda do |env|
  failure = env['omniauth.error']
  [403, { 'content-type' => 'application/json' }, [{ error: env['omniauth.error.type'], description: failure&.error_reason }.to_json]]
end

app = Rack::Builder.new do
  use Rack::Session::Cookie, secret: 'x' * 64
  use OmniAuth::Builder do
    provider provider.fetch(:name), provider.fetch(:args)
  end
  run(lambda do |env|
    auth = env['omniauth.auth']
    body = auth && { uid: auth.uid, name: auth.info.name, email: auth.info.email, groups: auth.extra.raw_info['groups'] }
    [200, { 'content-type' => 'application/json' }, [body.to_json]]
  end)
end

quiet = WEBrick::Log.new($stderr, WEBrick::Log::WARN)
Rack::Handler::WEBrick.run(app, Host: '127.0.0.1', Port: Integer(port), Logger: quiet, AccessLog: [])
