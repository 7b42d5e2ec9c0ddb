"""A bot that answers "ping" with "pong", wherever it reads it.

pip install "python-socketio[client]", then: PARLEY_PASSWORD=... python3 bot.py pingbot http://localhost:3000
"""
import os, sys, socketio

name, url = sys.argv[1], sys.argv[2]
bot = socketio.Client()

@bot.on("message:new")
def answer(event):
    if event["message"]["body"] == "ping":
        bot.emit("message:send", {"room": event["room"], "cid": "pong-" + event["message"]["id"], "body": "pong"})

@bot.on("ready")
def ready(event):
    print("ready", flush=True)

@bot.event
def connect():
    bot.emit("auth:login", {"name": name, "password": os.environ["PARLEY_PASSWORD"]},
             callback=lambda ack: ack["ok"] or print(ack["error"]["message"], flush=True))

bot.connect(url)
bot.wait()
